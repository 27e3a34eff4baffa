/** Tiles that are data, not pictures (Maps reference, §8). */
import * as Schema from "effect/Schema"

/** Which feature is where: 64 rows of characters, each of which stands for a key of `keys`. */
export const UtfGrid = Schema.Struct({
  grid: Schema.Array(Schema.String),
  keys: Schema.Array(Schema.String),
  data: Schema.optionalKey(Schema.Record(Schema.String, Schema.Record(Schema.String, Schema.Json)))
})
export type UtfGrid = typeof UtfGrid.Type

/** The columns of the feature under a pixel of the tile, from 0 to 255, if one is there. */
export const featureAt = (
  { data, grid, keys }: UtfGrid,
  x: number,
  y: number
): Readonly<Record<string, Schema.Json>> | undefined => {
  const code = grid[Math.floor((y * grid.length) / 256)]?.codePointAt(Math.floor((x * grid.length) / 256))
  // Two characters that JSON would escape are left out of the code (UTFGrid 1.3).
  const key = code === undefined ? undefined : keys[code - 32 - (code >= 93 ? 1 : 0) - (code >= 35 ? 1 : 0)]
  return key === undefined ? undefined : data?.[key]
}

/** Values at a place of the tile: `vals__uint8[i]` in the frame `dates__uint16[i]`. `y__uint8` counts from the south. */
export const TorquePixel = Schema.Struct({
  x__uint8: Schema.Finite,
  y__uint8: Schema.Finite,
  vals__uint8: Schema.Array(Schema.Finite),
  dates__uint16: Schema.Array(Schema.Finite)
})
export type TorquePixel = typeof TorquePixel.Type
