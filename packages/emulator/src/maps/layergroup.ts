/** The answer of an instantiation (maps reference, §7). */
import { createHash } from "node:crypto"
import type { Addresses } from "./addresses.ts"
import type { JsonObject } from "./json.ts"
import { interactivity, isStyled, type Layer } from "./Layer.ts"
import { layerSource } from "./MapDefinition.ts"
import type { StoredMap } from "./StoredMap.ts"

const isDrawn = ({ type }: Layer): boolean => type === "mapnik"

const tileJson = (
  addresses: Addresses,
  start: string,
  options: { readonly vector: boolean; readonly raster: boolean; readonly grids: boolean }
) => {
  const document = (format: string) => ({ tilejson: "2.2.0", tiles: addresses.tiles(`${start}/{z}/{x}/{y}.${format}`) })
  const grids = options.grids ? { grids: addresses.tiles(`${start}/{z}/{x}/{y}.grid.json`) } : {}
  return {
    ...(options.vector ? { vector: document("mvt") } : {}),
    ...(options.raster ? { raster: { ...document("png"), ...grids } } : {})
  }
}

const layerWidgets = (map: StoredMap, layer: Layer, token: string, addresses: Addresses) => {
  const own = [...map.definition.dataviews.values()].filter(
    ({ name, source }) => source === layerSource(layer.index) && layer.options.widgets !== undefined && name !== ""
  )
  return own.length === 0
    ? {}
    : {
        widgets: Object.fromEntries(
          own.map(({ name, type }) => [
            name,
            { type, url: addresses.resource(`${token}/${layer.index}/widget/${name}`) }
          ])
        )
      }
}

/** The id of an analysis node in addresses. */
export const nodeId = (sql: string): string =>
  createHash("sha1")
    .update(JSON.stringify({ type: "source", query: sql }))
    .digest("hex")

const analyses = (map: StoredMap, token: string, addresses: Addresses) => {
  const named = [...map.definition.sources].filter(([id]) => id !== "")
  if (map.definition.sources.size === 0) return []
  const nodes = named.map(([id, sql]) => [
    id,
    {
      status: "ready",
      url: addresses.resource(`${token}/analysis/node/${nodeId(sql)}`),
      // The queries of a template are nobody's business but its owner's.
      ...(map.auth === undefined ? { query: sql } : {})
    }
  ])
  return [{ nodes: Object.fromEntries(nodes) }]
}

/** The whole answer; `metas` are the layers' members `meta`. */
export const layergroup = (
  map: StoredMap,
  token: string,
  metas: ReadonlyArray<JsonObject>,
  addresses: Addresses
): JsonObject => {
  const hasDrawn = map.layers.some(isDrawn)
  const hasRaster = map.layers.some((layer) => isDrawn(layer) && isStyled(layer))
  const layers = map.layers.map((layer) => ({
    type: layer.type,
    id: layer.id,
    meta: metas[layer.index] ?? {},
    tilejson: tileJson(addresses, `${token}/${layer.id}`, {
      vector: isDrawn(layer),
      raster: !isDrawn(layer) || isStyled(layer),
      grids: isDrawn(layer) && interactivity(layer.options).length > 0
    }),
    ...layerWidgets(map, layer, token, addresses)
  }))
  const torque = layers.flatMap(({ meta, type }, index) => (type === "torque" ? [[index, meta] as const] : []))
  return {
    layergroupid: token,
    metadata: {
      layers,
      ...(torque.length === 0 ? {} : { torque: Object.fromEntries(torque) }),
      dataviews: Object.fromEntries(
        [...map.definition.dataviews.keys()]
          .filter((name) => map.definition.sources.has(map.definition.dataviews.get(name)?.source ?? ""))
          .map((name) => [name, { url: addresses.resource(`${token}/dataview/${name}`) }])
      ),
      analyses: analyses(map, token, addresses),
      tilejson: hasDrawn ? tileJson(addresses, token, { vector: true, raster: hasRaster, grids: false }) : {},
      url: hasDrawn
        ? {
            vector: addresses.template(`${token}/{z}/{x}/{y}.mvt`),
            ...(hasRaster ? { raster: addresses.template(`${token}/{z}/{x}/{y}.png`) } : {})
          }
        : {}
    },
    cdn_url: addresses.cdnUrl,
    last_updated: new Date(map.buster).toISOString()
  }
}
