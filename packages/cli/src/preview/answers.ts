/** What the page may ask for. The account's credentials are added behind it, and never come back. */
import type { CartoError } from "@effect-carto/core/CartoError"
import type { DataviewOptions } from "@effect-carto/core/DataviewOptions"
import { Maps } from "@effect-carto/core/Maps"
import type { Coordinates, Tile } from "@effect-carto/core/Tiles"
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Option from "effect/Option"
import { asset } from "./assets.ts"
import type { LiveMap } from "./LiveMap.ts"

export type Answer = HttpServerResponse.HttpServerResponse

/** The answer to a path below the page, such as `tiles/0/0/0.mvt`. */
export const answer = (
  live: LiveMap,
  path: string,
  query: URLSearchParams
): Effect.Effect<Answer, CartoError, Maps> => {
  const [first = "", ...rest] = path.split("/").map(decoded)
  switch (first) {
    case "":
      return file("index.html")
    case "map.json":
      return Effect.map(live.shown, ({ description }) => json(description))
    case "state.json":
      return Effect.map(live.refresh, json)
    case "tiles":
      return tile(live, rest)
    case "pictures":
      return picture(live, rest)
    case "attributes":
      return attributes(live, rest)
    case "dataviews":
      return dataview(live, rest, query)
    default:
      return rest.length === 0 ? file(first) : Effect.succeed(missing)
  }
}

export const missing: Answer = HttpServerResponse.text("There is nothing here.", { status: 404 })

/** In the server's words, under the server's status. */
export const refused = ({ advice, reason }: CartoError): Answer => {
  const status = reason.status
  return HttpServerResponse.jsonUnsafe(
    { error: reason.message, advice: advice ?? null },
    { status: status !== undefined && status >= 400 ? status : 502 }
  )
}

const decoded = (segment: string): string =>
  Option.getOrElse(Option.liftThrowable(decodeURIComponent)(segment), () => segment)

const json = (value: unknown): Answer => HttpServerResponse.jsonUnsafe(value)

const file = (name: string): Effect.Effect<Answer> =>
  Effect.map(asset(name), (found) =>
    found === undefined ? missing : HttpServerResponse.uint8Array(found.bytes, { contentType: found.contentType })
  )

const coordinates = (z = "", x = "", y = ""): Coordinates | undefined =>
  [z, x, y].every((text) => /^\d{1,10}$/.test(text)) ? { z: Number(z), x: Number(x), y: Number(y) } : undefined

const bytes = ({ bytes, contentType, isEmpty }: Tile): Answer =>
  isEmpty
    ? HttpServerResponse.empty()
    : HttpServerResponse.uint8Array(bytes, { contentType: contentType ?? "application/octet-stream" })

const layergroupOf = ({ shown }: LiveMap) => Effect.map(shown, ({ map }) => map.layergroup)

const tile = Effect.fnUntraced(function* (live: LiveMap, [z, x, last = ""]: ReadonlyArray<string>) {
  const at = last.endsWith(".mvt") ? coordinates(z, x, last.slice(0, -4)) : undefined
  if (at === undefined) return missing
  const maps = yield* Maps
  return bytes(yield* maps.tile(yield* layergroupOf(live), at, { format: "mvt" }))
})

const picture = Effect.fnUntraced(function* (live: LiveMap, [layer = "", z, x, last = ""]: ReadonlyArray<string>) {
  const at = last.endsWith(".png") ? coordinates(z, x, last.slice(0, -4)) : undefined
  if (at === undefined || !/^\d+$/.test(layer)) return missing
  const maps = yield* Maps
  return bytes(yield* maps.tile(yield* layergroupOf(live), at, { format: "png", layers: Number(layer) }))
})

const attributes = Effect.fnUntraced(function* (live: LiveMap, [layer = "", feature = ""]: ReadonlyArray<string>) {
  if (!/^\d+$/.test(layer) || !/^-?\d+$/.test(feature)) return missing
  const maps = yield* Maps
  return json(yield* maps.attributes(yield* layergroupOf(live), Number(layer), BigInt(feature)))
})

const dataview = Effect.fnUntraced(function* (
  live: LiveMap,
  [name = "", search, ...more]: ReadonlyArray<string>,
  query: URLSearchParams
) {
  if (name === "" || more.length > 0 || !(search === undefined || search === "search")) return missing
  const maps = yield* Maps
  const layergroup = yield* layergroupOf(live)
  const options = optionsOf(query)
  return json(
    search === undefined
      ? yield* maps.dataview(layergroup, name, options)
      : yield* maps.search(layergroup, name, query.get("q") ?? "", options)
  )
})

const optionsOf = (query: URLSearchParams): DataviewOptions => {
  const [west, south, east, north] = (query.get("bbox") ?? "").split(",").map(Number)
  const isBox = [west, south, east, north].every(Number.isFinite)
  return {
    ...(isBox ? { bbox: [west ?? 0, south ?? 0, east ?? 0, north ?? 0] as const } : {}),
    ...count("bins", query),
    ...count("categories", query)
  }
}

const count = (name: "bins" | "categories", query: URLSearchParams) => {
  const value = Number(query.get(name) ?? "")
  return Number.isInteger(value) && value > 0 ? { [name]: value } : {}
}
