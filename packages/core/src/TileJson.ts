/** TileJSON, by which map libraries are told of tiles: https://github.com/mapbox/tilejson-spec. */
import * as Schema from "effect/Schema"

export const VectorLayer = Schema.Struct({
  id: Schema.String,
  /** The columns, and what is in them. */
  fields: Schema.Record(Schema.String, Schema.String),
  minzoom: Schema.optionalKey(Schema.Finite),
  maxzoom: Schema.optionalKey(Schema.Finite)
})
export type VectorLayer = typeof VectorLayer.Type

/** Version 2.2.0, with the `vector_layers` of 3.0.0 where they are known. */
export const TileJson = Schema.Struct({
  tilejson: Schema.String,
  name: Schema.optionalKey(Schema.String),
  tiles: Schema.Array(Schema.String),
  grids: Schema.optionalKey(Schema.Array(Schema.String)),
  minzoom: Schema.optionalKey(Schema.Finite),
  maxzoom: Schema.optionalKey(Schema.Finite),
  bounds: Schema.optionalKey(Schema.Array(Schema.Finite)),
  vector_layers: Schema.optionalKey(Schema.Array(VectorLayer))
})
export type TileJson = typeof TileJson.Type
