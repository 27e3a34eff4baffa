/** Draws maps: what turns features and styles into an image. */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import type { Frame } from "./Frame.ts"
import type { JsonObject } from "./json.ts"
import type { LayerType } from "./Layer.ts"
import type { MapsError } from "./MapsError.ts"
import type { Feature } from "./mvt/readFeatures.ts"

/** A layer to draw, with the features that lie in the frame or near enough to reach into it. */
export interface RenderLayer {
  readonly id: string
  readonly type: LayerType
  /** As in the map's configuration: `cartocss`, of base maps `color` or `urlTemplate`. */
  readonly options: JsonObject
  /** In the order of the query; only of `mapnik` layers. Coordinates are `unitsPerPixel`-ths of a pixel from the frame's upper left. */
  readonly features: ReadonlyArray<Feature>
}

/** Parts of a pixel in which coordinates of features are told. */
export const unitsPerPixel = 16

/** How an image is written. */
export interface RenderOptions {
  readonly format: "png" | "jpg"
  /** Pixels of the image for each pixel of the frame: 2 for `@2x`. */
  readonly scale: number
}

/** Without this service images answer 501; everything else of a map works. */
export class Renderer extends Context.Service<
  Renderer,
  {
    /** Draws the layers over each other, the first at the bottom. A tile is a frame of 256 pixels. */
    readonly draw: (
      frame: Frame,
      layers: ReadonlyArray<RenderLayer>,
      options: RenderOptions
    ) => Effect.Effect<Uint8Array, MapsError>
  }
>()("carto-emulator/Renderer") {}
