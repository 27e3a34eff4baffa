/** The `Renderer`: layers over each other, drawn by Skia in WebAssembly, so that all machines draw the same pixels. */

import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type { Frame } from "../Frame.ts"
import { unsupported } from "../MapsError.ts"
import { Renderer, type RenderLayer, type RenderOptions } from "../Renderer.ts"
import { httpLayer, plainLayer } from "./baseLayers.ts"
import { Collisions } from "./Collisions.ts"
import { type Color, rgba } from "./cartocss/Color.ts"
import type { Drawing } from "./Drawing.ts"
import { loadCanvasKit } from "./loadCanvasKit.ts"
import { Pen } from "./Pen.ts"
import type { CanvasKit, Surface } from "./Skia.ts"
import { styledLayer } from "./styledLayer.ts"

const transparent = rgba(0, 0, 0, 0)
const black = rgba(0, 0, 0)

// As the servers encode static images.
const jpegQuality = 85

interface Prepared {
  readonly isStyled: boolean
  readonly background?: Color | undefined
  readonly draw: Drawing
}

const prepare = Effect.fnUntraced(function* (frame: Frame, layer: RenderLayer, isAlone: boolean) {
  switch (layer.type) {
    case "plain":
      return { isStyled: false, draw: yield* plainLayer(layer.options) } satisfies Prepared
    case "http":
      return { isStyled: false, draw: yield* httpLayer(frame, layer.options, isAlone) } satisfies Prepared
    case "torque":
      return yield* unsupported("images of torque layers")
    case "mapnik":
      return { isStyled: true, ...(yield* styledLayer(layer, frame.zoom)) } satisfies Prepared
  }
})

/** Styled layers next to each other are one map: they share the background that is told last. */
const groups = (layers: ReadonlyArray<Prepared>): ReadonlyArray<ReadonlyArray<Prepared>> => {
  const list: Array<Array<Prepared>> = []
  for (const layer of layers) {
    const last = list.at(-1)
    if (layer.isStyled && last?.[0]?.isStyled === true) last.push(layer)
    else list.push([layer])
  }
  return list
}

const paint = (kit: CanvasKit, surface: Surface, layers: ReadonlyArray<Prepared>, { format, scale }: RenderOptions) => {
  const canvas = surface.getCanvas()
  const pen = new Pen(kit, canvas)
  pen.clear(format === "png" ? transparent : black)
  canvas.scale(scale, scale)
  const sheet = { pen, collisions: new Collisions() }
  for (const group of groups(layers)) {
    const background = group.findLast((layer) => layer.background !== undefined)?.background
    if (background !== undefined) pen.cover(background)
    for (const { draw } of group) draw(sheet)
  }
  pen.delete()
  const image = surface.makeImageSnapshot()
  const bytes =
    format === "png"
      ? image.encodeToBytes(kit.ImageFormat.PNG, 100)
      : image.encodeToBytes(kit.ImageFormat.JPEG, jpegQuality)
  image.delete()
  return bytes
}

/** Loads canvaskit-wasm for the first image; without it images answer 501. A renderer that is there already stays. */
export const layer: Layer.Layer<Renderer, never, HttpClient.HttpClient> = Layer.effect(
  Renderer,
  Effect.gen(function* () {
    const own = yield* Effect.serviceOption(Renderer)
    if (Option.isSome(own)) return own.value
    const http = yield* HttpClient.HttpClient
    const load = yield* Effect.cached(loadCanvasKit)

    const draw: Renderer["Service"]["draw"] = Effect.fn("Renderer.draw")(function* (frame, layers, options) {
      const prepared = yield* Effect.forEach(layers, (one) => prepare(frame, one, layers.length === 1)).pipe(
        Effect.provideService(HttpClient.HttpClient, http)
      )
      const kit = yield* load
      const [width, height] = [frame.width, frame.height].map((side) => Math.max(1, side * options.scale))
      const tooLarge = unsupported(`images of ${width} × ${height} pixels, which do not fit into its memory`)
      const bytes = yield* Effect.acquireUseRelease(
        Effect.suspend(() => Effect.fromNullishOr(kit.MakeSurface(width ?? 1, height ?? 1))),
        (surface) => Effect.suspend(() => Effect.fromNullishOr(paint(kit, surface, prepared, options))),
        (surface) => Effect.sync(() => surface.dispose())
      ).pipe(Effect.mapError(() => tooLarge))
      return bytes
    })

    return Renderer.of({ draw })
  })
)
