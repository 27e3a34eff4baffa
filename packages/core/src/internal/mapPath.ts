/** The paths of a map's resources behind `/api/v1/map` (Maps reference, §1), each value in one segment. */
import type { DataviewOptions } from "../DataviewOptions.ts"
import type { StaticSize, StaticView } from "../StaticView.ts"
import type { LayerFilter, TileOptions } from "../TileOptions.ts"
import { path } from "./path.ts"

/** Where in the order of layers one with this id stands; undefined for aliases, such as `all`. */
export type IndexOf = (id: string) => number | undefined

/** An id keeps its `@` and `:`, as the server writes them. */
export const id = (layergroupId: string): string => path`/${layergroupId}`.replaceAll("%40", "@").replaceAll("%3A", ":")

/**
 * One segment for layers. The server refuses the ids that it gave itself (Maps reference, §7.1), and indices beside
 * ids: every known id is sent as its index.
 */
export const layers = (filter: LayerFilter, indexOf: IndexOf): string => {
  const one = (layer: string | number) => {
    const known = typeof layer === "string" ? (indexOf(layer) ?? layer) : layer
    return path`${`${known}`}`
  }
  return typeof filter === "object" ? filter.map(one).join(",") : one(filter)
}

/** `at` is `{z}/{x}/{y}` for a template. */
export const tile = (layergroupId: string, at: string, options: TileOptions, indexOf: IndexOf): string => {
  const filter = options.layers === undefined ? "" : `/${layers(options.layers, indexOf)}`
  const scale = options.scale === 2 ? "@2x" : ""
  return `${id(layergroupId)}${filter}/${at}${scale}.${options.format ?? "png"}`
}

export const attributes = (
  layergroupId: string,
  layer: number | string,
  feature: number | bigint,
  indexOf: IndexOf
): string => `${id(layergroupId)}/${layers(layer, indexOf)}/attributes/${path`${`${feature}`}`}`

export const dataview = (layergroupId: string, name: string): string => `${id(layergroupId)}${path`/dataview/${name}`}`

export const analysis = (layergroupId: string, node: string): string =>
  `${id(layergroupId)}${path`/analysis/node/${node}`}`

export const cluster = (
  layergroupId: string,
  layer: string,
  zoom: number,
  feature: number | bigint,
  aggregation: object | undefined
): string =>
  `${id(layergroupId)}/${layer}${path`/${`${zoom}`}/cluster/${`${feature}`}`}${query(
    aggregation === undefined ? [] : [["aggregation", JSON.stringify(aggregation)]]
  )}`

export const staticImage = (layergroupId: string, view: StaticView, size: StaticSize, format: string): string => {
  const picture = path`/${`${size.width}`}/${`${size.height}`}.${format}`
  return "bbox" in view
    ? `/static/bbox${id(layergroupId)}/${view.bbox.map((degrees) => path`${`${degrees}`}`).join(",")}${picture}`
    : `/static/center${id(layergroupId)}${path`/${`${view.zoom}`}/${`${view.center.lat}`}/${`${view.center.lng}`}`}${picture}`
}

/** The parameters of a dataview (Maps reference, §10). Both kinds of filter at once are refused, whatever their values. */
export const dataviewParameters = (options: DataviewOptions): ReadonlyArray<readonly [string, string]> => {
  const { bbox, circle, filters, polygon, ...rest } = options
  const given: Readonly<Record<string, string | number | undefined>> = {
    bbox: bbox?.join(","),
    circle: circle === undefined ? undefined : JSON.stringify(circle),
    polygon: polygon === undefined ? undefined : JSON.stringify(polygon),
    own_filter: filters === "all" ? 1 : undefined,
    no_filters: filters === "none" ? 1 : undefined,
    ...rest
  }
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, `${value}`] as const]))
}

export const query = (parameters: ReadonlyArray<readonly [string, string]>): string =>
  parameters.length === 0 ? "" : `?${parameters.map(([name, value]) => path`${name}=${value}`).join("&")}`
