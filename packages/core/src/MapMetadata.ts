/** What the server tells of an instantiated map (Maps reference, §7). Servers of old tell of the layers only. */
import * as Schema from "effect/Schema"
import { open } from "./internal/open.ts"
import { PublicUrl } from "./internal/publicUrl.ts"

const text = Schema.optionalKey(Schema.String)

/** `{s}` stands for one of the subdomains. */
export const UrlTemplate = Schema.Struct({ urlTemplate: PublicUrl, subdomains: Schema.Array(Schema.String) })
export type UrlTemplate = typeof UrlTemplate.Type

const Addresses = Schema.Struct({ http: Schema.optionalKey(PublicUrl), https: Schema.optionalKey(PublicUrl) })

const ofKinds = <S extends Schema.Constraint>(schema: S) =>
  Schema.Struct({ vector: Schema.optionalKey(schema), raster: Schema.optionalKey(schema) })

const Told = Schema.Struct({
  tilejson: Schema.String,
  tiles: Schema.Array(PublicUrl),
  grids: Schema.optionalKey(Schema.Array(PublicUrl))
})

export const LayerMetadata = Schema.Struct({
  /** `mapnik`, `torque`, `http`, `plain`. */
  type: Schema.String,
  id: text,
  meta: Schema.optionalKey(
    open({
      /** As it is drawn, with ramps resolved. */
      cartocss: text,
      /** `estimatedFeatureCount`, and what the layer's option `metadata` asked for. */
      stats: Schema.optionalKey(Schema.Record(Schema.String, Schema.Json))
    })
  )
})
export type LayerMetadata = typeof LayerMetadata.Type

/** A step of an analysis: `pending`, `waiting`, `running`, `ready` or `failed`. */
export const AnalysisNode = Schema.Struct({
  status: Schema.String,
  url: Schema.optionalKey(Addresses),
  query: text,
  error_message: text
})

export const MapMetadata = Schema.Struct({
  layers: Schema.Array(LayerMetadata),
  dataviews: Schema.optionalKey(Schema.Record(Schema.String, Schema.Struct({ url: Schema.optionalKey(Addresses) }))),
  analyses: Schema.optionalKey(Schema.Array(Schema.Struct({ nodes: Schema.Record(Schema.String, AnalysisNode) }))),
  tilejson: Schema.optionalKey(ofKinds(Told)),
  url: Schema.optionalKey(ofKinds(UrlTemplate)),
  /** By the index of the layer: the range of time in milliseconds, and the number of steps. */
  torque: Schema.optionalKey(Schema.Record(Schema.String, Schema.Record(Schema.String, Schema.Json)))
})
export type MapMetadata = typeof MapMetadata.Type
