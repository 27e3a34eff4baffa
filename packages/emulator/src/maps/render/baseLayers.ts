/** Layers below the data: one colour, or tiles of another server. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { Frame } from "../Frame.ts"
import { elements, type JsonObject } from "../json.ts"
import { badRequest, unsupported } from "../MapsError.ts"
import { type Color, readHex, readName, rgba } from "./cartocss/Color.ts"
import type { Drawing } from "./Drawing.ts"
import { fetchTile, httpTiles } from "./httpTiles.ts"

const readColor = (value: unknown): Color | undefined => {
  if (Predicate.isString(value)) return value.startsWith("#") ? readHex(value.slice(1)) : readName(value)
  const [red, green, blue, alpha = 255] = elements(value)
  return Predicate.isNumber(red) && Predicate.isNumber(green) && Predicate.isNumber(blue) && Predicate.isNumber(alpha)
    ? rgba(red, green, blue, alpha / 255)
    : undefined
}

/** One colour. Fails with 501 for an image. */
export const plainLayer = Effect.fnUntraced(function* ({ color, imageUrl }: JsonObject) {
  if (color === undefined && imageUrl !== undefined) return yield* unsupported("plain layers with imageUrl")
  const read = readColor(color)
  if (read === undefined) return yield* badRequest(`Invalid color for 'plain' layer: ${JSON.stringify(color)}`)
  const draw: Drawing = ({ pen }) => pen.cover(read)
  return draw
})

/** Tiles of another server. Those that cannot be had fail alone, and are left out above or below other layers. */
export const httpLayer = Effect.fnUntraced(function* (frame: Frame, options: JsonObject, isAlone: boolean) {
  const tiles = yield* Effect.forEach(
    httpTiles(frame, options),
    (tile) => {
      const fetched = Effect.map(fetchTile(tile), (bytes) => [{ ...tile, bytes }])
      return isAlone ? fetched : Effect.orElseSucceed(fetched, () => [])
    },
    { concurrency: 8 }
  )
  const draw: Drawing = ({ pen }) => {
    for (const { box, bytes } of tiles.flat()) pen.image(bytes, box)
  }
  return draw
})
