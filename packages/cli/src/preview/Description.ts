/** What the page is told of a map: nothing that opens anything. */
import type { Bbox } from "@effect-carto/core/Tiles"
import * as Predicate from "effect/Predicate"
import type { OpenedMap } from "../OpenedMap.ts"

export interface LayerDescription {
  /** In the order of drawing, from 0, the lowest first. */
  readonly index: number
  readonly id: string
  readonly type: string
  readonly cartocss: string | null
  /** About as many rows, as the database estimates. */
  readonly count: number | null
  /** Whether a click can ask for attributes; null where only the server knows. */
  readonly attributes: boolean | null
}

export interface DataviewDescription {
  readonly name: string
  /** Null where only the answer tells. */
  readonly type: string | null
  readonly column: string | null
  readonly operation: string | null
}

export interface Description {
  /** Counts how often the map was made again. */
  readonly version: number
  readonly title: string
  readonly account: string
  readonly bounds: Bbox | null
  readonly layers: ReadonlyArray<LayerDescription>
  readonly dataviews: ReadonlyArray<DataviewDescription>
}

export const describe = (map: OpenedMap, bounds: Bbox | undefined, version: number): Description => {
  const { config, layergroup, name } = map
  const { dataviews = {}, layers } = layergroup.metadata
  return {
    version,
    title: name,
    account: layergroup.baseUrl,
    bounds: bounds ?? null,
    layers: layers.map(({ id, meta, type }, index) => ({
      index,
      id: id ?? `${type}${index}`,
      type,
      cartocss: meta?.cartocss ?? null,
      count: countOf(meta?.stats),
      attributes: config === undefined ? null : hasAttributes(config.layers[index])
    })),
    dataviews: Object.keys(dataviews).map((name) => {
      const definition = config?.dataviews?.[name]
      const options = definition?.options
      return {
        name,
        type: definition?.type ?? null,
        column: text(options, "aggregationColumn") ?? text(options, "column"),
        operation: text(options, "operation") ?? text(options, "aggregation")
      }
    })
  }
}

const countOf = (stats: unknown): number | null => {
  const count = Predicate.hasProperty(stats, "estimatedFeatureCount") ? stats.estimatedFeatureCount : undefined
  return Predicate.isNumber(count) && count >= 0 ? count : null
}

const hasAttributes = (layer: unknown): boolean =>
  Predicate.hasProperty(layer, "options") && Predicate.hasProperty(layer.options, "attributes")

const text = (options: unknown, name: string): string | null =>
  Predicate.hasProperty(options, name) && Predicate.isString(options[name]) ? options[name] : null
