/** How a layer's features are read for an answer format. */
import type { FeatureOptions } from "./features.ts"
import { finite, member } from "./json.ts"
import { geometryColumn, type Layer, srid } from "./Layer.ts"
import type { MapDefinition } from "./MapDefinition.ts"
import { tileSql } from "./StoredMap.ts"

const defaultExtent = 4096
const defaultBuffer = 64
const defaultSimplifyExtent = 256

/** The width of a tile in its own units. */
export const vectorExtent = ({ options }: Layer): number => finite(options.vector_extent) ?? defaultExtent

/** The buffer is the map's own for the format, 64 pixels unless told. */
export const featureOptions = (layer: Layer, definition: MapDefinition, format: string): FeatureOptions => ({
  sql: tileSql(layer),
  geometryColumn: geometryColumn(layer),
  srid: layer.aggregation === undefined ? srid(layer) : 3857,
  extent: vectorExtent(layer),
  simplifyExtent:
    finite(layer.options.vector_simplify_extent) ?? finite(layer.options.vector_extent) ?? defaultSimplifyExtent,
  buffer: finite(member(definition.json.buffersize, format)) ?? defaultBuffer
})
