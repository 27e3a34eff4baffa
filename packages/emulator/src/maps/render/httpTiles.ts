/** Base maps of other servers: the tiles that a frame shows, fetched. */
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Predicate from "effect/Predicate"
import { type Frame, resolution, tileSize, worldSize } from "../Frame.ts"
import { elements, type JsonObject } from "../json.ts"
import { badRequest, type MapsError } from "../MapsError.ts"
import type { Box } from "./Pen.ts"

/** A tile of a base map, and where in the frame it is. */
export interface HttpTile {
  readonly url: string
  readonly box: Box
}

const address = ({ subdomains, tms, urlTemplate }: JsonObject, z: number, x: number, y: number): string => {
  const names = elements(subdomains).filter(Predicate.isString)
  const hosts = names.length === 0 ? ["a", "b", "c"] : names
  return String(urlTemplate)
    .replaceAll("{s}", hosts[(x + y) % hosts.length] ?? "")
    .replaceAll("{z}", String(z))
    .replaceAll("{x}", String(x))
    .replaceAll("{y}", String(tms === true ? 2 ** z - 1 - y : y))
}

/** The tiles of a frame. Around the world they repeat, above and below it there are none. */
export const httpTiles = (frame: Frame, options: JsonObject): ReadonlyArray<HttpTile> => {
  const z = Math.max(0, Math.round(frame.zoom))
  const count = 2 ** z
  const size = tileSize * 2 ** (frame.zoom - z)
  const left = (frame.west + worldSize / 2) / resolution(frame.zoom)
  const top = (worldSize / 2 - frame.north) / resolution(frame.zoom)
  const range = (from: number, length: number) => {
    // A frame that is one tile touches its neighbours; roundings must not make them part of it.
    const [first, end] = [Math.floor(from / size + 1e-6), Math.ceil((from + length) / size - 1e-6)]
    return Array.from({ length: Math.max(0, end - first) }, (_, index) => first + index)
  }
  return range(top, frame.height)
    .filter((y) => y >= 0 && y < count)
    .flatMap((y) =>
      range(left, frame.width).map((x): HttpTile => {
        const [tileLeft, tileTop] = [x * size - left, y * size - top]
        const column = ((x % count) + count) % count
        return { url: address(options, z, column, y), box: [tileLeft, tileTop, tileLeft + size, tileTop + size] }
      })
    )
}

/** Fails as the servers do, which wait for two seconds. */
export const fetchTile = ({ url }: HttpTile): Effect.Effect<Uint8Array, MapsError, HttpClient.HttpClient> =>
  HttpClient.get(url).pipe(
    Effect.flatMap((response) =>
      response.status === 200 ? response.arrayBuffer : Effect.fail(new Error(`status ${response.status}`))
    ),
    Effect.map((bytes) => new Uint8Array(bytes)),
    Effect.timeout("2 seconds"),
    Effect.mapError(() => badRequest(`Unable to fetch http tile: ${url}`))
  )
