/** The table of a dataset, as `/api/v1/tables` tells it (platform reference, §9.1). */
import * as Schema from "effect/Schema"
import { nullWhenEmpty } from "./internal/emptyObject.ts"
import { flag, text, time } from "./internal/optional.ts"
import { Timestamp } from "./internal/timestamp.ts"
import { Synchronization } from "./Synchronization.ts"
import { TableId, Visualization, VisualizationSummary } from "./Visualization.ts"

export { TableId }

/** A name, a simplified type (`number`, `string`, `boolean`, `date`, `geometry`, or PostgreSQL's), and of geometries the kind. */
export const TableColumn = Schema.TupleWithRest(Schema.Tuple([Schema.String, Schema.String]), [Schema.String])
export type TableColumn = typeof TableColumn.Type

export const Table = Schema.Struct({
  id: TableId,
  /** With the schema before it for tables of others, quoted only where SQL needs it. */
  name: Schema.String,
  /** `LINK` is kept here. */
  privacy: Schema.String,
  schema: Schema.Array(TableColumn),
  updated_at: Timestamp,
  /** The planner's estimate. */
  rows_counted: Schema.optionalKey(Schema.NullOr(Schema.Finite)),
  /** Bytes. */
  table_size: Schema.optionalKey(Schema.NullOr(Schema.Finite)),
  map_id: Schema.optionalKey(Schema.NullOr(Schema.String)),
  description: Schema.optionalKey(Schema.NullOr(Schema.String)),
  geometry_types: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.String))),
  table_visualization: Schema.optionalKey(nullWhenEmpty(Visualization)),
  /** Maps that would be deleted with the dataset. */
  dependent_visualizations: Schema.Array(VisualizationSummary),
  /** Maps that would lose their layers of it. */
  non_dependent_visualizations: Schema.Array(VisualizationSummary),
  synchronization: Schema.optionalKey(nullWhenEmpty(Synchronization)),
  /** Of an update. */
  warnings: Schema.optionalKey(Schema.Array(Schema.String))
})
export type Table = typeof Table.Type

/** A table or a view, and what the key may do with it (platform reference, §13). */
export const AccessibleTable = Schema.Struct({
  table_schema: Schema.String,
  name: Schema.String,
  /** `r`, `w` or `rw`. */
  mode: Schema.String,
  /** Whether it is a dataset. */
  cartodbfied: flag,
  /** With the account, by another one. */
  shared: flag,
  /** In small letters; null for what is no dataset. */
  privacy: text,
  updated_at: time
})
export type AccessibleTable = typeof AccessibleTable.Type
