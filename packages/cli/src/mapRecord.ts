/** An instantiated map as it is printed. */
import { Maps } from "@effect-carto/core/Maps"
import type { TileJson } from "@effect-carto/core/TileJson"
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { OpenedMap } from "./OpenedMap.ts"
import * as Output from "./Output.ts"
import * as Records from "./Records.ts"

export const shape = Records.shape([
  "layergroupid",
  "last_updated",
  "vector",
  "raster",
  "subdomains",
  "layers",
  "dataviews",
  "needs_secret"
])

export interface PrintOptions {
  readonly withSecret: boolean
  readonly tilejson: "png" | "mvt" | undefined
}

/** Prints a map, or the TileJSON of its tiles. */
export const print = Effect.fnUntraced(function* (map: OpenedMap, options: PrintOptions) {
  const { layergroup } = map
  const maps = yield* Maps
  const plain = layergroup.tileTemplate({ format: "mvt" }).urlTemplate
  const needsSecret = Redacted.value(yield* maps.authorized(layergroup, plain)) !== plain
  const address = (url: string) =>
    options.withSecret ? Effect.map(maps.authorized(layergroup, url), Redacted.value) : Effect.succeed(url)
  if (needsSecret) yield* Output.note(options.withSecret ? told : untold)
  if (options.tilejson !== undefined) {
    const json: TileJson = layergroup.tileJson({ format: options.tilejson, name: map.name })
    const tiles = yield* Effect.forEach(json.tiles, address)
    yield* Output.lines([JSON.stringify({ ...json, tiles }, null, 2)])
    return
  }
  const { dataviews = {}, layers } = layergroup.metadata
  const { subdomains } = layergroup.tileTemplate()
  const record = {
    layergroupid: layergroup.layergroupid,
    last_updated: layergroup.last_updated === undefined ? undefined : DateTime.formatIso(layergroup.last_updated),
    vector: yield* address(plain),
    raster: yield* address(layergroup.tileTemplate({ format: "png" }).urlTemplate),
    subdomains,
    layers: layers.map(({ id, type }) => ({ id, type })),
    dataviews: Object.keys(dataviews),
    needs_secret: needsSecret
  }
  yield* Records.one(shape, Effect.succeed(record))
})

const untold =
  "Its addresses are answered only with the account's key or the map's token, which they do not hold; --with-secret writes it into them."
const told = "The addresses hold the account's key or the map's token: whoever sees them has it."
