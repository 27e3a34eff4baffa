/** Static images: the stretch of the world that is asked for, drawn by the `Renderer` (maps reference, §13). */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { Access } from "./access.ts"
import { type MapsExchange, parameter } from "./exchange.ts"
import { type Frame, resolution, tileSize, worldSize } from "./Frame.ts"
import { finite, isJsonObject, type JsonObject, member } from "./json.ts"
import { badRequest, type MapsError } from "./MapsError.ts"
import { image, selectStyled } from "./rasterTile.ts"

/** How large an image is, and what it is. */
export interface Size {
  readonly width: number
  readonly height: number
  readonly format: "png" | "jpg"
}

/** The middle of an image in degrees, and its zoom. */
export interface View {
  readonly longitude: number
  readonly latitude: number
  readonly zoom: number
}

/** A box in degrees. */
export interface Bounds {
  readonly west: number
  readonly south: number
  readonly east: number
  readonly north: number
}

const maxPixels = 8192
const maxBoundsZoom = 18

const noCoordinates = badRequest("No coords object")

/** Fails with 400 for other formats than png and jpg. */
export const readFormat = (format: string | undefined): Effect.Effect<"png" | "jpg", MapsError> =>
  format === "png" || format === "jpg"
    ? Effect.succeed(format)
    : Effect.fail(badRequest(`Unsupported image format "${format}"`))

/** The size in whole pixels. */
export const readSize = Effect.fnUntraced(function* (path: Readonly<Record<string, string>>) {
  const format = yield* readFormat(path.format)
  const [width, height] = [Math.ceil(Number(path.width)), Math.ceil(Number(path.height))]
  if (Number.isNaN(width) || Number.isNaN(height)) return yield* noCoordinates
  if (width > maxPixels || height > maxPixels) return yield* badRequest("Desired image is too large.")
  return { width, height, format } satisfies Size
})

const mercator = (longitude: number, latitude: number): readonly [x: number, y: number] => {
  const limited = Math.max(-85.0511287798066, Math.min(85.0511287798066, latitude))
  const y = Math.log(Math.tan(Math.PI / 4 + (limited * Math.PI) / 360)) / (2 * Math.PI)
  return [(longitude / 360) * worldSize, y * worldSize]
}

/** The servers cut images out of whole pixels of the tiles around them. */
const frameAround = ({ latitude, longitude, zoom }: View, { height, width }: Size): Frame => {
  const [x, y] = mercator(longitude, latitude)
  const metres = resolution(zoom)
  const [left, top] = [Math.round(x / metres) - Math.floor(width / 2), Math.round(y / metres) + Math.floor(height / 2)]
  return { zoom, west: left * metres, north: top * metres, width, height }
}

/** The middle of a box in degrees, at the deepest zoom at which all of it would be seen around its middle in metres. */
export const viewOfBounds = ({ east, north, south, west }: Bounds, { height, width }: Size): View => {
  const [x0, y0] = mercator(west, south)
  const [x1, y1] = mercator(east, north)
  const fits = Math.min(width / Math.abs(x1 - x0), height / Math.abs(y1 - y0)) * (worldSize / tileSize)
  const zoom = Number.isFinite(fits) ? Math.max(0, Math.min(maxBoundsZoom, Math.floor(Math.log2(fits)))) : maxBoundsZoom
  return { longitude: (west + east) / 2, latitude: (south + north) / 2, zoom }
}

/** Four numbers in degrees. */
export const readBounds = (text: string): Bounds | undefined => {
  const [west, south, east, north, ...more] = text.split(",").map((part) => finite(part))
  return west === undefined || south === undefined || east === undefined || north === undefined || more.length > 0
    ? undefined
    : { west, south, east, north }
}

/** The view of an address. Fails with 400 for coordinates that are no numbers. */
export const readView = (path: Readonly<Record<string, string>>, zoom: number): Effect.Effect<View, MapsError> => {
  const [longitude, latitude] = [finite(path.longitude), finite(path.latitude)]
  return longitude === undefined || latitude === undefined
    ? Effect.fail(noCoordinates)
    : Effect.succeed({ longitude, latitude, zoom })
}

/** Draws the layers that the query asks for, all unless told. */
export const staticImage = Effect.fnUntraced(function* (access: Access, view: View, size: Size, filter?: string) {
  const layers = yield* selectStyled(access.map.layers, filter ?? parameter(access.exchange, "layer") ?? "all")
  return yield* image(access, frameAround(view, size), layers, { format: size.format, scale: 1 })
})

const boundsOf = (value: unknown): Bounds | undefined => {
  const [west, south, east, north] = ["west", "south", "east", "north"].map((name) => finite(member(value, name)))
  return west === undefined || south === undefined || east === undefined || north === undefined
    ? undefined
    : { west, south, east, north }
}

/** What is seen of a template: as the query says, else as its `view` does; `undefined` where neither says it. */
export const viewOfTemplate = (exchange: MapsExchange, template: JsonObject, size: Size): View | undefined => {
  const asked = (name: string) => finite(parameter(exchange, name))
  const [zoom, longitude, latitude] = [asked("zoom"), asked("lon"), asked("lat")]
  if (zoom !== undefined && longitude !== undefined && latitude !== undefined) return { zoom, longitude, latitude }
  const bbox = readBounds(parameter(exchange, "bbox") ?? "")
  if (bbox !== undefined) return viewOfBounds(bbox, size)
  const center = member(template.view, "center")
  const own = {
    zoom: zoom ?? finite(member(template.view, "zoom")),
    longitude: finite(member(center, "lng")),
    latitude: finite(member(center, "lat"))
  }
  if (own.zoom !== undefined && own.longitude !== undefined && own.latitude !== undefined) {
    return { zoom: own.zoom, longitude: own.longitude, latitude: own.latitude }
  }
  const bounds = boundsOf(member(template.view, "bounds"))
  return bounds === undefined ? undefined : viewOfBounds(bounds, size)
}

/** The layers that `view.preview_layers` leaves; it hides by index or id. */
export const previewFilter = (
  template: JsonObject,
  layers: ReadonlyArray<{ readonly id: string }>
): string | undefined => {
  const preview = member(template.view, "preview_layers")
  if (!isJsonObject(preview)) return undefined
  const shown = layers.flatMap(({ id }, index) => (preview[index] === false || preview[id] === false ? [] : [index]))
  return Predicate.isTruthy(shown.length) ? shown.join(",") : undefined
}
