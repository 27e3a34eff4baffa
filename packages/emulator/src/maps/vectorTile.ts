/** Vector tiles: what stands in one, and how it is answered. */
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Stream from "effect/Stream"
import type { Message } from "../Database.ts"
import { type Access, cached } from "./access.ts"
import { ofTile } from "./Frame.ts"
import { featureOptions, vectorExtent } from "./featureOptions.ts"
import { featureStream } from "./features.ts"
import { isVisibleAt, type Layer } from "./Layer.ts"
import { badRequest, fromDatabase } from "./MapsError.ts"
import { LayerEncoder } from "./mvt/encodeLayer.ts"
import { selectLayers } from "./selectLayers.ts"
import type { TileAddress } from "./tileAddress.ts"

/** Deeper down the servers do not look. */
const maxZoom = 30

const unsupportedFormat = badRequest("Unsupported format mvt")

/** The layers of a tile: only drawn ones have vectors, and every other choice is a wrong format. */
const select = Effect.fnUntraced(function* (layers: ReadonlyArray<Layer>, filter: string | undefined) {
  const chosen = yield* Effect.mapError(selectLayers(layers, filter), (error) =>
    error.message.startsWith("Layer ") ? error : unsupportedFormat
  )
  if (chosen.length === 0 && filter === undefined) return yield* badRequest("no mapnik layer in mapConfig")
  return chosen.length === 0 || chosen.some(({ type }) => type !== "mapnik") ? yield* unsupportedFormat : chosen
})

/** Answers 204 for a tile without features, unless `whenEmpty` says otherwise. */
export const vectorTile = Effect.fnUntraced(function* (
  access: Access,
  { x, y, z }: TileAddress,
  filter: string | undefined,
  whenEmpty: 200 | 204 = 204
) {
  const { map, role } = access
  const layers = yield* select(map.layers, filter)
  if (y >= 2 ** z) return yield* badRequest(`Invalid tile XYZ (${x},${y}${z})`)
  const visible = layers.filter((layer) => z <= maxZoom && isVisibleAt(layer, z))
  const frame = ofTile(z, x, y)
  const make = Effect.gen(function* () {
    const tile = Buffer.concat(
      yield* Effect.forEach(visible, (layer) =>
        featureStream(frame, featureOptions(layer, map.definition, "mvt"), role).pipe(
          Effect.flatMap(({ columns, messages }) => {
            const encoder = new LayerEncoder(layer.id, vectorExtent(layer), columns)
            const add = (message: Message) =>
              Effect.sync(() => {
                if (message._tag === "CopyData") encoder.add(message.bytes)
              })
            return Effect.map(Stream.runForEach(messages, add), () => encoder.finish())
          }),
          Effect.mapError((error) => fromDatabase(error))
        )
      )
    )
    const headers = visible.length === 0 ? {} : { "x-tilelive-contains-data": String(tile.length > 0) }
    return tile.length === 0 && whenEmpty === 204
      ? HttpServerResponse.empty({ status: 204, headers })
      : HttpServerResponse.uint8Array(tile, { contentType: "application/x-protobuf", headers })
  })
  return yield* cached(access, make)
})
