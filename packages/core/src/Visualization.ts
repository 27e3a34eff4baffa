/**
 * What the dashboard shows, as `/api/v1/viz` tells it (platform reference, §8.1): datasets and maps are the same object.
 *
 * A dataset has four ids: this object's own, its table's, its permission's and its map's. None stands for another.
 */
import * as Schema from "effect/Schema"
import { nullWhenEmpty } from "./internal/emptyObject.ts"
import { Timestamp } from "./internal/timestamp.ts"
import { Owner, Permission, PermissionId } from "./Permission.ts"
import { Synchronization } from "./Synchronization.ts"

export const VisualizationId = Schema.NonEmptyString.pipe(Schema.brand("carto/VisualizationId"))
export type VisualizationId = typeof VisualizationId.Type

/** Of the table behind a dataset: `table.id` here, `table_id` of imports, `id` of `/api/v1/tables`. */
export const TableId = Schema.NonEmptyString.pipe(Schema.brand("carto/TableId"))
export type TableId = typeof TableId.Type

const text = Schema.NullOr(Schema.String)
const optional = <S extends Schema.Constraint>(schema: S) => Schema.optionalKey(nullWhenEmpty(schema))

/** The table of a dataset as its visualization shows it (platform reference, §8.2). */
export const VisualizationTable = Schema.Struct({
  id: TableId,
  /** For everybody but the owner with the schema before it, always quoted: `"alice".stations`. */
  name: Schema.String,
  /** Such as `ST_Point`; may be empty. */
  geometry_types: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.String))),
  /** `PUBLIC` also for a dataset with privacy `LINK`: trust the visualization's own. */
  privacy: Schema.optionalKey(text),
  updated_at: Schema.optionalKey(Schema.NullOr(Timestamp)),
  synchronization: optional(Synchronization),
  /** Bytes; null when the database could not be asked. */
  size: Schema.optionalKey(Schema.NullOr(Schema.Finite)),
  /** The planner's estimate. */
  row_count: Schema.optionalKey(Schema.NullOr(Schema.Finite)),
  permission: optional(Permission)
})
export type VisualizationTable = typeof VisualizationTable.Type

/** A map that uses a dataset. */
export const VisualizationSummary = Schema.Struct({
  id: VisualizationId,
  name: Schema.String,
  updated_at: Timestamp,
  permission: optional(Schema.Struct({ id: PermissionId, owner: Schema.optionalKey(Owner) })),
  auth_tokens: Schema.optionalKey(Schema.Array(Schema.String))
})
export type VisualizationSummary = typeof VisualizationSummary.Type

const fields = {
  id: VisualizationId,
  /** Of a dataset the name of its table, of a map any text. */
  name: Schema.String,
  display_name: text,
  /** `table` is a dataset, `derived` a map; `slide`, `remote`, `kuviz`, `app`. Other words decode too. */
  type: Schema.String,
  tags: Schema.Array(Schema.String),
  /** May be Markdown. */
  description: text,
  /** `PUBLIC`, `LINK`, `PRIVATE`, `PASSWORD`. Other words decode too. */
  privacy: Schema.String,
  created_at: Timestamp,
  updated_at: Timestamp,
  source: text,
  title: text,
  license: text,
  attributions: text,
  /** `geom` or `raster`. */
  kind: Schema.String,

  // Only for who may read it otherwise than as a stranger.
  map_id: Schema.optionalKey(text),
  active_layer_id: Schema.optionalKey(text),
  locked: Schema.optionalKey(Schema.Boolean),
  external_source: optional(
    Schema.Struct({
      size: Schema.optionalKey(Schema.NullOr(Schema.Finite)),
      row_count: Schema.optionalKey(Schema.NullOr(Schema.Finite)),
      geometry_types: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.String)))
    })
  ),
  /** The page for people. */
  url: Schema.optionalKey(Schema.String),
  /** 3 is Builder, 2 the editor before it. */
  version: Schema.optionalKey(Schema.NullOr(Schema.Int)),
  /** What is left of slides, which no server makes any more; `active_child` is null, `children` is empty. */
  prev_id: Schema.optionalKey(text),
  next_id: Schema.optionalKey(text),
  parent_id: Schema.optionalKey(text),
  transition_options: Schema.optionalKey(Schema.Json),
  active_child: Schema.optionalKey(Schema.Json),
  children: Schema.optionalKey(Schema.NullOr(Schema.Array(Schema.Json))),
  /** Only in what a single read, a creation or an update answers. */
  related_tables: Schema.optionalKey(Schema.Array(VisualizationTable)),
  /** Null for a dataset without one. */
  synchronization: optional(Synchronization),
  /** Of a dataset of the Data Observatory: what it is a sample of, or the subscription that it belongs to. */
  sample: optional(Schema.Record(Schema.String, Schema.Json)),
  subscription: optional(Schema.Record(Schema.String, Schema.Json)),
  uses_builder_features: Schema.optionalKey(Schema.NullOr(Schema.Boolean)),

  /** Views by day, of about a month; empty unless asked for. */
  stats: Schema.optionalKey(Schema.Record(Schema.String, Schema.Finite)),
  auth_tokens: Schema.optionalKey(Schema.Array(Schema.String)),
  liked: Schema.optionalKey(Schema.NullOr(Schema.Boolean)),
  permission: optional(Permission),
  /** Null for everything that is no dataset. */
  table: optional(VisualizationTable),
  user: optional(Owner),
  dependent_visualizations_count: Schema.optionalKey(Schema.Int),
  dependent_visualizations: Schema.optionalKey(Schema.Array(VisualizationSummary)),
  related_canonical_visualizations_count: Schema.optionalKey(Schema.Int)
}

export const Visualization = Schema.Struct({
  ...fields,
  /** The datasets of a map. */
  related_canonical_visualizations: Schema.optionalKey(Schema.Array(Schema.Struct(fields)))
})
export type Visualization = typeof Visualization.Type

/** Whether it came in the short form, for strangers: that is how the server answers a wrong key (§2.4). */
export const isPublicForm = (visualization: Visualization): boolean =>
  visualization.url === undefined && visualization.locked === undefined && visualization.map_id === undefined
