/** Where new rows of a dataset come from: bytes, values, a query, another table, or anything that can be imported. */
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type * as Statement from "effect/sql/Statement"
import type { CartoError } from "./CartoError.ts"
import * as CopyText from "./CopyText.ts"
import type { ImportOptions } from "./ImportOptions.ts"
import type { ImportSource } from "./ImportSource.ts"
import { refuse } from "./internal/refuse.ts"
import { textOf } from "./internal/sqlCompiler.ts"
import { LiteralError } from "./LiteralError.ts"
import type { CopyFromOptions, Source } from "./SqlCopy.ts"

export interface BytesRows<out E = never, out R = never> {
  readonly _tag: "BytesRows"
  readonly bytes: Stream.Stream<Uint8Array, E, R>
  readonly options: CopyFromOptions
}

export interface QueryRows {
  readonly _tag: "QueryRows"
  readonly query: string
}

export interface TableRows {
  readonly _tag: "TableRows"
  readonly table: string
}

export interface ImportedRows<out E = never, out R = never> {
  readonly _tag: "ImportedRows"
  readonly source: ImportSource<E, R>
  readonly options: Omit<ImportOptions, "collisionStrategy" | "createMap">
}

/** Made by the functions of this module. */
export type DatasetRows<E = never, R = never> = BytesRows<E, R> | QueryRows | TableRows | ImportedRows<E, R>

const asStream = <A, E, R>(source: Source<A, E, R>): Stream.Stream<A, E, R> =>
  Stream.isStream(source) ? source : Stream.fromIterable(source)

/**
 * What `SqlCopy.from` takes, CSV with a header unless told otherwise. Without `columns` the header names them, letter by
 * letter; the other formats name none, and need `columns`.
 */
export const bytes = <E = never, R = never>(
  source: Source<Uint8Array, E, R>,
  options: CopyFromOptions = {}
): BytesRows<E, R> => ({ _tag: "BytesRows", bytes: asStream(source), options })

/** Rows, encoded by their schema; the schema's fields are the columns. */
export const rows = <Fields extends Schema.Struct.Fields, E = never, R = never>(
  schema: Schema.Struct<Fields>,
  source: Source<Schema.Struct<Fields>["Type"], E, R>
): BytesRows<E | CartoError, R | Schema.Struct<Fields>["EncodingServices"]> => {
  const columns = Object.keys(schema.fields)
  const encode = Schema.encodeEffect(Schema.NonEmptyArray(schema))
  return {
    _tag: "BytesRows",
    bytes: asStream(source).pipe(
      Stream.mapArrayEffect((some) => encode(some)),
      Stream.pipeThroughChannel(CopyText.encode<E | Schema.SchemaError>(columns)),
      Stream.mapError((error) =>
        error instanceof LiteralError || Schema.isSchemaError(error) ? unwritable(error) : error
      )
    ),
    options: { format: "text", columns }
  }
}

/** Rows of one query. */
export const query = (query: string | Statement.Fragment): QueryRows => ({
  _tag: "QueryRows",
  query: typeof query === "string" ? query : textOf(query)
})

/** All rows of a table, `cities`, `alice.cities`, or `"a.table"` with dots in quotes. */
export const table = (table: string): TableRows => ({ _tag: "TableRows", table })

/**
 * Whatever can be imported. The dataset that the import makes is deleted at the end; interrupted before, it may stay,
 * because an import cannot be stopped.
 */
export const imported = <E = never, R = never>(
  source: ImportSource<E, R>,
  options: Omit<ImportOptions, "collisionStrategy" | "createMap"> = {}
): ImportedRows<E, R> => ({ _tag: "ImportedRows", source, options })

const unwritable = (error: { readonly message: string }) =>
  refuse("DatasetRows.rows", error.message, "Correct the row, or the schema; nothing was stored.")
