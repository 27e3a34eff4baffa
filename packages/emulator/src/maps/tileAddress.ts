/** The coordinates of a tile as they stand in an address, checked in the servers' words. */
import * as Effect from "effect/Effect"
import { badRequest, type MapsError } from "./MapsError.ts"

/** A tile of the usual scheme: `y` counts from the north. */
export interface TileAddress {
  readonly z: number
  readonly x: number
  readonly y: number
}

/** A zoom of 0 or more, without an upper bound. */
export const readZoom = (text = ""): Effect.Effect<number, MapsError> =>
  /^\d+$/.test(text)
    ? Effect.succeed(Number(text))
    : Effect.fail(
        badRequest(`Invalid zoom value (${text}). It should be an integer number greather than or equal to 0`)
      )

/** `x` may lie beyond the edges of the world. */
export const readTileAddress = Effect.fnUntraced(function* (
  path: Readonly<Record<string, string>>
): Effect.fn.Return<TileAddress, MapsError> {
  const { x = "", y = "" } = path
  const z = yield* readZoom(path.z)
  if (!/^-?\d+$/.test(x)) return yield* badRequest(`Invalid coodinate 'x' value (${x}). It should be an integer number`)
  if (!/^\d+$/.test(y)) {
    return yield* badRequest(
      `Invalid coodinate 'y' value (${y}). It should be an integer number greather than or equal to 0`
    )
  }
  return { z, x: Number(x), y: Number(y) }
})
