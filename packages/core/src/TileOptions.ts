/** Which tiles of a map: of what layers, in what format. */

/**
 * Indices from 0, bottom first, or ids; or one of the words `all`, `mapnik`, `torque`, `http`, `plain`. Without a filter
 * only the layers of type `mapnik` are drawn: no base map, no animation (Maps reference, §8).
 */
export type LayerFilter = number | string | ReadonlyArray<number> | ReadonlyArray<string>

/**
 * What goes together. Only pictures of the whole map come in double resolution; a vector tile has layers of type
 * `mapnik` only.
 */
export type TileOptions =
  | { readonly format?: "png" | undefined; readonly scale?: 1 | 2 | undefined; readonly layers?: undefined }
  | {
      readonly format?: "png" | "png32" | "mvt" | undefined
      readonly layers?: LayerFilter | undefined
      readonly scale?: undefined
    }
  | {
      readonly format: "grid.json" | "torque.json" | "torque.png"
      readonly layers: number | string
      readonly scale?: undefined
    }

export interface UrlOptions {
  /** Default `cdn`, where the server told of one; `direct` is the account's own address. */
  readonly via?: "cdn" | "direct" | undefined
}
