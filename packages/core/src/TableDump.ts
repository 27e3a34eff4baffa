/** A table on its way to another account: what makes it again, and its rows as they are read. */
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import type { CartoError } from "./CartoError.ts"
import type { Visualization } from "./Visualization.ts"

export const TableDumpColumn = Schema.Struct({
  name: Schema.String,
  /** PostgreSQL's, with what it is generated from, and NOT NULL. */
  definition: Schema.String,
  /** Computed from others: its values are not copied. */
  isGenerated: Schema.Boolean,
  /** Numbered by a sequence, or as an identity. */
  isSerial: Schema.Boolean,
  /** An expression; none for those that are numbered. */
  default: Schema.NullOr(Schema.String),
  comment: Schema.NullOr(Schema.String)
})
export type TableDumpColumn = typeof TableDumpColumn.Type

export const TableStructure = Schema.Struct({
  isTable: Schema.Boolean,
  columns: Schema.Array(TableDumpColumn),
  /** Without foreign keys, whose tables are not copied. */
  constraints: Schema.Array(Schema.String),
  /** Those that no constraint makes; `method` is all from its name on, as `btree (name)`. */
  indexes: Schema.Array(Schema.Struct({ isUnique: Schema.Boolean, method: Schema.String })),
  comment: Schema.NullOr(Schema.String)
})
export type TableStructure = typeof TableStructure.Type

/** Made by `Datasets.dump`, for `Datasets.restore`. The rows are read when they are restored, and not kept. */
export interface TableDump {
  readonly structure: TableStructure
  readonly dataset: Visualization
  /** COPY text of the columns that are not generated. */
  readonly rows: Stream.Stream<Uint8Array, CartoError>
}
