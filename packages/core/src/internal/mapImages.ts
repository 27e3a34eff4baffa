/** Tiles and static images as they come, and what keeps them from being asked for. */
import * as Effect from "effect/Effect"
import type { Received } from "../CartoClient.ts"
import { CartoError, ProtocolError } from "../CartoError.ts"
import type { StaticSize } from "../StaticView.ts"
import * as Tiles from "../Tiles.ts"
import { refuse } from "./refuse.ts"

/** What the server would refuse, or take for something else. */
export const checkedCoordinates = (operation: string, at: Tiles.Coordinates): Effect.Effect<void, CartoError> => {
  const problem = Tiles.problemOfCoordinates(at)
  return problem === undefined ? Effect.void : Effect.fail(refuse(operation, problem, "Name a tile that exists."))
}

export const checkedSize = (operation: string, { height, width }: StaticSize): Effect.Effect<void, CartoError> =>
  [height, width].every((pixels) => Number.isInteger(pixels) && pixels >= 1 && pixels <= 8192)
    ? Effect.void
    : Effect.fail(refuse(operation, `${width} by ${height} is no size`, "Give whole pixels from 1 to 8192."))

/**
 * A tile of another kind than asked for is no tile: the direct addresses of named maps mix them up (Maps reference,
 * §14.7).
 */
export const tile = (
  operation: string,
  at: Tiles.Coordinates,
  format: string,
  { bytes, headers, status }: Received
): Effect.Effect<Tiles.Tile, CartoError> => {
  const contentType = headers["content-type"]
  const isPicture = contentType?.startsWith("image/") ?? false
  const isExpected = bytes.length === 0 || (/png$/.test(format) ? isPicture : !isPicture && !isPage(contentType))
  return isExpected
    ? Effect.succeed({ ...at, bytes, isEmpty: bytes.length === 0, contentType })
    : Effect.fail(other(operation, format, status, contentType))
}

export const picture = (
  operation: string,
  { bytes, headers, status }: Received
): Effect.Effect<Uint8Array, CartoError> =>
  headers["content-type"]?.startsWith("image/") === true
    ? Effect.succeed(bytes)
    : Effect.fail(other(operation, "picture", status, headers["content-type"]))

const isPage = (contentType: string | undefined): boolean => contentType?.startsWith("text/html") ?? false

const other = (operation: string, format: string, status: number, contentType: string | undefined) =>
  new CartoError({
    operation,
    reason: new ProtocolError({
      status,
      message: `instead of ${format} the answer is ${contentType ?? "of no known type"}`,
      body: ""
    })
  })
