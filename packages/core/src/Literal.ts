/**
 * Values and names as safe PostgreSQL text, because CARTO's SQL API takes no bind parameters.
 *
 * | value | literal | type PostgreSQL gives it |
 * | --- | --- | --- |
 * | string | `'it''s'`, ` E'a\\b'` | unknown: taken from the context, text if there is none |
 * | number | `1`, `(-1.5)`, `1e+300`, `'NaN'::float8`, `'-0'::float8` | integer or numeric, which compare exactly with every number type |
 * | bigint | `1`, `(-1)` | the smallest of int4, int8, numeric that holds it |
 * | BigDecimal | `'1.10'::numeric` | numeric, so that dividing whole ones is not integer division |
 * | boolean, null, undefined | `true`, `null` | boolean, unknown |
 * | Date, DateTime | `'2020-01-31 12:34:56.789+00'` | unknown: a `timestamp` column gets the UTC wall clock |
 * | Duration, Interval | `'0 mons 0 days 0:00:05.000000'::interval` | interval |
 * | Uint8Array | ` E'\\x0102'::bytea` | bytea |
 * | array | `'{1,2,NULL}'` | unknown: needs a context or a cast, as with any driver |
 * | array with geometries | `ARRAY['0101…'::geometry]` | geometry[] |
 * | Geometry | `'0101…'::geometry` | geometry, which casts to geography by itself |
 * | GeoJSON geometry | `'0101…'::geometry`, with SRID 4326 | geometry |
 * | other plain object | `'{"a":1}'::jsonb` | jsonb |
 * | Option | its value, or `null` | |
 *
 * A literal is safe where a parameter could stand, and nowhere else: not inside quotes or comments.
 */
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as GeoJson from "./GeoJson.ts"
import { Geometry } from "./Geometry.ts"
import { Interval } from "./Interval.ts"
import { attempt } from "./internal/attempt.ts"
import {
  byteaText,
  checkPlain,
  checkText,
  dateTimeText,
  durationInterval,
  geoJsonHex,
  hasGeometry,
  jsonText,
  revived,
  toText
} from "./internal/pgText.ts"
import { isLiteralError, LiteralError } from "./LiteralError.ts"

/** Backslashes need E'' to mean the same whatever `standard_conforming_strings` says; the space keeps the E apart from a word before it. */
const quote = (text: string): string => {
  const quoted = checkText(text).replaceAll("'", "''")
  return quoted.includes("\\") ? ` E'${quoted.replaceAll("\\", "\\\\")}'` : `'${quoted}'`
}

/** A minus sign goes into parentheses: `-${-1}` must not start a comment, and `::` binds closer than `-`. */
const signed = (text: string): string => (text.startsWith("-") ? `(${text})` : text)

const number = (value: number): string =>
  Number.isFinite(value) && !Object.is(value, -0) ? signed(String(value)) : `'${toText(value)}'::float8`

/** As a constant the smallest int8 would be a numeric with a minus before it. */
const bigint = (value: bigint): string =>
  value === -9223372036854775808n ? `'${value}'::int8` : signed(value.toString())

const array = (values: ReadonlyArray<unknown>): string =>
  hasGeometry(values)
    ? `ARRAY[${values.map((value) => (Array.isArray(value) ? array(value) : write(value))).join(",")}]`
    : quote(toText(values) ?? "")

const object = (value: object): string => {
  if (Array.isArray(value)) return array(value)
  if (value instanceof Date || DateTime.isDateTime(value)) return quote(dateTimeText(value))
  if (value instanceof Uint8Array) return `${quote(byteaText(value))}::bytea`
  if (value instanceof Geometry) return `'${value.hex}'::geometry`
  if (value instanceof Interval) return `'${value}'::interval`
  if (Duration.isDuration(value)) return `'${durationInterval(value)}'::interval`
  if (BigDecimal.isBigDecimal(value)) return `'${BigDecimal.format(value)}'::numeric`
  if (Option.isOption(value)) return Option.isNone(value) ? "null" : write(value.value)
  // Not through ST_GeomFromGeoJSON: its parser cuts large whole numbers.
  if (GeoJson.isGeometry(value)) return `'${geoJsonHex(value)}'::geometry`
  const own = revived(value)
  return own === value ? `${quote(jsonText(checkPlain(value)))}::jsonb` : object(own)
}

const write = (value: unknown): string => {
  switch (typeof value) {
    case "string":
      return quote(value)
    case "number":
      return number(value)
    case "bigint":
      return bigint(value)
    case "boolean":
      return String(value)
    case "undefined":
      return "null"
    case "object":
      return value === null ? "null" : object(value)
    default:
      throw new LiteralError({ kind: typeof value, reason: "it has no SQL form" })
  }
}

/** The literal of a value, or why it has none. */
export const encode = (value: unknown): Result.Result<string, LiteralError> =>
  attempt(isLiteralError, () => write(value))

/** `encode` for callbacks that can only return text; throws `LiteralError`. */
export const encodeUnsafe = (value: unknown): string => Result.getOrThrow(encode(value))

/** A value as a jsonb literal whatever it looks like: an array as a JSON array, GeoJSON as JSON, null as JSON null. */
export const json = (value: unknown): Result.Result<string, LiteralError> =>
  attempt(isLiteralError, () => (value === undefined ? `${quote("null")}::jsonb` : `${quote(jsonText(value))}::jsonb`))

/** A quoted name; dots are part of it. Throws `LiteralError` for names PostgreSQL cannot have. */
export const identifier = (name: string): string => {
  if (name === "") throw new LiteralError({ kind: "name", reason: "it is empty" })
  return `"${checkText(name).replaceAll('"', '""')}"`
}

/** A name with its schema, `cities` or `alice.cities`: each part between dots is quoted on its own. */
export const qualified = (name: string): string => name.split(".").map(identifier).join(".")
