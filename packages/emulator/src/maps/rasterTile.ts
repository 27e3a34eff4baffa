/** Raster tiles and static images: the choice of layers and their features, drawn by the `Renderer` if there is one. */
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Option from "effect/Option"
import { type Access, cached } from "./access.ts"
import { type Frame, ofTile, tileSize } from "./Frame.ts"
import { featureOptions } from "./featureOptions.ts"
import { features } from "./features.ts"
import { isStyled, isVisibleAt, type Layer } from "./Layer.ts"
import { badRequest, fromDatabase, layerText, unsupported } from "./MapsError.ts"
import { readFeatures } from "./mvt/readFeatures.ts"
import { columnsStatement } from "./query.ts"
import { Renderer, type RenderLayer, type RenderOptions, unitsPerPixel } from "./Renderer.ts"
import { selectLayers } from "./selectLayers.ts"
import type { TileAddress } from "./tileAddress.ts"

/** A layer with what of it lies in the frame. */
const renderLayer = (frame: Frame, { map, role }: Access) =>
  Effect.fnUntraced(function* (layer: Layer) {
    const { id, options, type } = layer
    if (type !== "mapnik") return { id, type, options, features: [] }
    const asked = { ...featureOptions(layer, map.definition, "png"), extent: tileSize * unitsPerPixel }
    const { columns, rows } = yield* Effect.mapError(features(frame, asked, role), (error) =>
      fromDatabase(error, {}, layerText(error, columnsStatement(layer.sql), id))
    )
    return { id, type, options, features: readFeatures(columns, rows) } satisfies RenderLayer
  })

const withoutStyle = badRequest("Unsupported format: 'cartocss' option is missing for png", { type: "tile" })

/** The layers of an image, which must have styles. */
export const selectStyled = Effect.fnUntraced(function* (layers: ReadonlyArray<Layer>, filter: string | undefined) {
  const chosen = yield* selectLayers(layers, filter)
  if (chosen.length === 0) return yield* badRequest("No 'mapnik' layers in MapConfig")
  return chosen.some((layer) => layer.type === "mapnik" && !isStyled(layer)) ? yield* withoutStyle : chosen
})

/** Draws layers, bottom first, and answers the image. */
export const image = Effect.fnUntraced(function* (
  access: Access,
  frame: Frame,
  layers: ReadonlyArray<Layer>,
  options: RenderOptions
) {
  const visible = layers.filter((layer) => isVisibleAt(layer, frame.zoom))
  const draw = Effect.gen(function* () {
    // Whoever may not read a layer is told so before it is told that nobody draws it.
    const drawn = yield* Effect.forEach(visible, renderLayer(frame, access))
    const renderer = yield* Effect.serviceOption(Renderer)
    if (Option.isNone(renderer)) return yield* unsupported("images, as it has no renderer; ask for mvt")
    const bytes = yield* renderer.value.draw(frame, drawn, options)
    return HttpServerResponse.uint8Array(bytes, { contentType: options.format === "png" ? "image/png" : "image/jpeg" })
  })
  return yield* cached(access, draw)
})

/** A tile of 256 pixels, or of twice as many. */
export const rasterTile = Effect.fnUntraced(function* (
  access: Access,
  { x, y, z }: TileAddress,
  filter: string | undefined,
  scale: number
) {
  const layers = yield* selectStyled(access.map.layers, filter)
  if (y >= 2 ** z) return yield* badRequest(`Coordinates out of range: ${z}/${x}/${y}`)
  return yield* image(access, ofTile(z, x, y), layers, { format: "png", scale })
})
