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

// A pixel differs where a channel does by a fifth of what it can be, with what lies below it shining through.
const tolerance = 50

/** Of the pixels that either image has drawn, the part that differs plainly; 1 for images of different sizes. */
export const difference = (a: Pixels, b: Pixels): number => {
  if (a.width !== b.width || a.height !== b.height) return 1
  let different = 0
  for (let y = 0; y < a.height; y++) {
    for (let x = 0; x < a.width; x++) {
      const [r0 = 0, g0 = 0, b0 = 0, a0 = 0] = a.at(x, y)
      const [r1 = 0, g1 = 0, b1 = 0, a1 = 0] = b.at(x, y)
      const differs = (one: number, other: number) => Math.abs((one * a0) / 255 - (other * a1) / 255) > tolerance
      if (Math.abs(a0 - a1) > tolerance || differs(r0, r1) || differs(g0, g1) || differs(b0, b1)) different++
    }
  }
  return different / Math.max(1, a.drawn, b.drawn)
}
