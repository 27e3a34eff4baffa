/** What a static image shows (Maps reference, §13). */
import type { Bbox } from "./Tiles.ts"

/** A box is shown at the largest whole zoom level that fits, around its middle: the image shows more than the box. */
export type StaticView =
  | { readonly center: { readonly lng: number; readonly lat: number }; readonly zoom: number }
  | { readonly bbox: Bbox }

/** Pixels, each from 1 to 8192; plans of carto.com allow 4000. */
export interface StaticSize {
  readonly width: number
  readonly height: number
}
