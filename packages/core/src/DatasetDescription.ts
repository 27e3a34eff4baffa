/** A table as the database has it, and its dataset as the dashboard shows it. */
import * as Schema from "effect/Schema"
import type { Visualization } from "./Visualization.ts"

export const DatasetColumn = Schema.Struct({
  name: Schema.String,
  /** PostgreSQL's, such as `numeric(10,2)` or `geometry(Geometry,4326)`. */
  type: Schema.String,
  isNullable: Schema.Boolean,
  /** An expression. */
  default: Schema.NullOr(Schema.String),
  comment: Schema.NullOr(Schema.String)
})
export type DatasetColumn = typeof DatasetColumn.Type

export const DatasetIndex = Schema.Struct({
  name: Schema.String,
  definition: Schema.String,
  isUnique: Schema.Boolean,
  isPrimary: Schema.Boolean,
  /** An index that was not built to its end is not used. */
  isValid: Schema.Boolean
})
export type DatasetIndex = typeof DatasetIndex.Type

export const DatasetTrigger = Schema.Struct({
  name: Schema.String,
  definition: Schema.String,
  isEnabled: Schema.Boolean
})
export type DatasetTrigger = typeof DatasetTrigger.Type

export const DatasetConstraint = Schema.Struct({ name: Schema.String, definition: Schema.String })
export type DatasetConstraint = typeof DatasetConstraint.Type

export const DatasetGeometry = Schema.Struct({
  column: Schema.String,
  /** As the column's type says: `GEOMETRY` takes any. */
  type: Schema.String,
  srid: Schema.Int
})
export type DatasetGeometry = typeof DatasetGeometry.Type

/** What the database knows. */
export const TableDescription = Schema.Struct({
  schema: Schema.String,
  name: Schema.String,
  kind: Schema.Literals(["table", "view", "materialized view", "foreign table", "other"]),
  owner: Schema.String,
  comment: Schema.NullOr(Schema.String),
  /** Bytes, with indexes. */
  size: Schema.Finite,
  /** The planner's estimate; null before the first ANALYZE. */
  estimatedRows: Schema.NullOr(Schema.Finite),
  columns: Schema.Array(DatasetColumn),
  constraints: Schema.Array(DatasetConstraint),
  indexes: Schema.Array(DatasetIndex),
  /** Without those that PostgreSQL makes for foreign keys. */
  triggers: Schema.Array(DatasetTrigger),
  geometries: Schema.Array(DatasetGeometry)
})
export type TableDescription = typeof TableDescription.Type

export interface DatasetDescription extends TableDescription {
  /** Counted, where it was asked for. */
  readonly rows: number | undefined
  /** The kinds of geometry in it, such as `ST_Point`, as the dashboard knows them. */
  readonly geometryTypes: ReadonlyArray<string>
  /** None for a table that is no dataset, and for a key that may not see it there. */
  readonly dataset: Visualization | undefined
}
