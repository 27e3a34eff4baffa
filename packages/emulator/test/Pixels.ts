/** Reads images in tests: sizes and colours of pixels. */
import { assert } from "@effect/vitest"
import { Effect } from "effect"
import { loadCanvasKit } from "../src/maps/render/loadCanvasKit.ts"

export interface Pixels {
  readonly width: number
  readonly height: number
  /** Red, green, blue and opacity of 0 to 255. */
  readonly at: (x: number, y: number) => ReadonlyArray<number>
  /** Pixels that are not fully transparent. */
  readonly drawn: number
  /** The box around them: left, top, right, bottom. */
  readonly box: readonly [number, number, number, number]
}

const { AlphaType, ColorSpace, ColorType, MakeImageFromEncoded } = await Effect.runPromise(loadCanvasKit)

/** Decodes PNG or JPEG. */
export const readPixels = (bytes: Uint8Array): Pixels => {
  const image = MakeImageFromEncoded(bytes)
  assert.isNotNull(image)
  const [width, height] = [image.width(), image.height()]
  const info = {
    width,
    height,
    colorType: ColorType.RGBA_8888,
    alphaType: AlphaType.Unpremul,
    colorSpace: ColorSpace.SRGB
  }
  const data = image.readPixels(0, 0, info)
  assert.isNotNull(data)
  image.delete()
  const at = (x: number, y: number) => [...data.subarray(4 * (y * width + x), 4 * (y * width + x) + 4)]
  let drawn = 0
  let [left, top, right, bottom] = [width, height, -1, -1]
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) {
      if (data[4 * (y * width + x) + 3] === 0) continue
      drawn++
      left = Math.min(left, x)
      right = Math.max(right, x)
      top = Math.min(top, y)
      bottom = Math.max(bottom, y)
    }
  }
  return { width, height, at, drawn, box: [left, top, right, bottom] }
}
