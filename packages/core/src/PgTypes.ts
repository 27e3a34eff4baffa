/**
 * Which JavaScript value each PostgreSQL type becomes, the same whether it came as JSON, COPY text or COPY binary.
 *
 * | pgtype | value |
 * | --- | --- |
 * | int2, int4, oid, float4, float8 | number, NaN and ±Infinity included |
 * | int8 | bigint |
 * | numeric | string of decimal digits, as a numeric has a scale, NaN and ±Infinity, which BigDecimal has not; `Schema.BigDecimalFromString` goes on from there |
 * | bool | boolean |
 * | text, varchar, bpchar, name, uuid, xml, inet, money, time, timetz, ranges, bit, tsvector | string, PostgreSQL's text |
 * | date | string `YYYY-MM-DD`, as a date is no instant; may end in ` BC` or be `infinity` |
 * | timestamp, timestamptz | `DateTime.Utc`, the microseconds as fraction of `epochMilliseconds`; a timestamp is read as UTC. ±infinity, and what DateTime cannot hold exactly, stay PostgreSQL's text |
 * | interval | `Interval` |
 * | json, jsonb | the JSON value, with numbers as JavaScript reads them |
 * | bytea | Uint8Array |
 * | geometry, geography | `Geometry` |
 * | point | `{ x, y }` |
 * | arrays of these | nested arrays, with null for NULL |
 * | everything else, `unknown(OID)` too | string, PostgreSQL's text |
 *
 * NULL is null. Schemas of rows describe these values: `Schema.BigInt`, `Schema.DateTimeUtc`, `Geometry`.
 * The session must write ISO dates and PostgreSQL intervals, which are the defaults.
 */
import * as Schema from "effect/Schema"
import { isBinary } from "./internal/pgBinary.ts"
import { decoderOf } from "./internal/pgDecoders.ts"
import { decodeInPlace } from "./internal/rowFunction.ts"

/** A column to decode; `pgtype` is PostgreSQL's internal name, `int8` and `_text` rather than `bigint` and `text[]`. */
export interface Column {
  readonly name: string
  readonly pgtype: string
}

/** What the SQL API tells about a column; `pgtype` is missing for geometry, geography, raster and unknown types. */
export const Field = Schema.Struct({
  type: Schema.String,
  pgtype: Schema.optionalKey(Schema.String),
  wkbtype: Schema.optionalKey(Schema.String),
  dims: Schema.optionalKey(Schema.Finite),
  srid: Schema.optionalKey(Schema.Finite)
})
export type Field = typeof Field.Type

/** The `fields` member of an answer, by column name. */
export const Fields = Schema.Record(Schema.String, Field)
export type Fields = typeof Fields.Type

/** The type of a field. Without `pgtype` the API's own `type` names it: `geometry`, or `unknown(16545)`. */
export const pgtypeOf = (field: Field): string => (field.pgtype ?? field.type).toLowerCase()

/** The columns of an answer in the order of its `fields`. */
export const columns = (fields: Fields): ReadonlyArray<Column> =>
  Object.entries(fields).map(([name, field]) => ({ name, pgtype: pgtypeOf(field) }))

/** False for int8, numeric, timestamp, timestamptz and their arrays: the server's JSON may have rounded them. */
export const isExactInJson = (pgtype: string): boolean => decoderOf(pgtype).exact

/** Whether COPY binary can be decoded; other types need the text format. */
export const hasBinary = (pgtype: string): boolean => isBinary(pgtype)

/** Decodes a value of the SQL API's JSON. Throws `PgTypeError`, also where the value was visibly rounded. */
export const fromJson = (pgtype: string, column = ""): ((value: unknown) => unknown) => {
  const { json } = decoderOf(pgtype)
  return (value) => (value === null ? null : json(value, column))
}

/** Decodes PostgreSQL's text, as in a COPY cell; null is NULL. Throws `PgTypeError`. */
export const fromText = (pgtype: string, column = ""): ((text: string | null) => unknown) => {
  const { text } = decoderOf(pgtype)
  return (value) => (value === null ? null : text(value, column))
}

/**
 * Decodes freshly parsed rows in place, for speed, and returns them. Columns that `fields` does not name, as other
 * statements of the same request have them, stay as they are. Throws `PgTypeError`.
 */
export const rowsFromJson = (
  fields: Fields
): ((rows: ReadonlyArray<Record<string, unknown>>) => ReadonlyArray<Record<string, unknown>>) => {
  const decode = decodeInPlace(
    columns(fields).flatMap(({ name, pgtype }) => {
      const { json, keeps } = decoderOf(pgtype)
      return keeps === "all" ? [] : [{ name, keepsNumbers: keeps === "numbers", decode: (value) => json(value, name) }]
    })
  )
  return (rows) => {
    rows.forEach(decode)
    return rows
  }
}
