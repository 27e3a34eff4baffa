/** Colours of styles: how they are written, and the functions that change them. */
import { colorNames } from "./colorNames.ts"

/** Red, green and blue of 0 to 255, opacity of 0 to 1. */
export interface Color {
  readonly red: number
  readonly green: number
  readonly blue: number
  readonly alpha: number
}

const within = (value: number, most: number): number => Math.min(most, Math.max(0, value))

export const rgba = (red: number, green: number, blue: number, alpha = 1): Color => ({
  red: within(Math.round(red), 255),
  green: within(Math.round(green), 255),
  blue: within(Math.round(blue), 255),
  alpha: within(alpha, 1)
})

/** Hue in degrees, saturation and lightness of 0 to 1. */
export const hsla = (hue: number, saturation: number, lightness: number, alpha = 1): Color => {
  const [s, l] = [within(saturation, 1), within(lightness, 1)]
  const channel = (offset: number) => {
    const k = (offset + (((hue % 360) + 360) % 360) / 30) % 12
    return 255 * (l - s * Math.min(l, 1 - l) * Math.max(-1, Math.min(k - 3, 9 - k, 1)))
  }
  return rgba(channel(0), channel(8), channel(4), alpha)
}

const toHsl = (color: Color): readonly [hue: number, saturation: number, lightness: number] => {
  const [r, g, b] = [color.red / 255, color.green / 255, color.blue / 255]
  const most = Math.max(r, g, b)
  const range = most - Math.min(r, g, b)
  const lightness = most - range / 2
  if (range === 0) return [0, 0, lightness]
  const sector = most === r ? (g - b) / range : most === g ? 2 + (b - r) / range : 4 + (r - g) / range
  return [sector * 60, range / (1 - Math.abs(2 * lightness - 1)), lightness]
}

/** `rgb`, `rrggbb` and both with opacity; `undefined` for another number of digits. */
export const readHex = (digits: string): Color | undefined => {
  if (!/^(?:[\da-f]{3,4}|[\da-f]{6}|[\da-f]{8})$/i.test(digits)) return undefined
  const long = digits.length < 5 ? digits.replace(/./g, "$&$&") : digits
  const byte = (index: number) => Number.parseInt(long.slice(2 * index, 2 * index + 2), 16)
  return rgba(byte(0), byte(1), byte(2), long.length === 8 ? byte(3) / 255 : 1)
}

/** A colour by its name in CSS. */
export const readName = (name: string): Color | undefined => {
  const lower = name.toLowerCase()
  if (lower === "transparent") return rgba(0, 0, 0, 0)
  const hex = colorNames[lower]
  return hex === undefined ? undefined : readHex(hex)
}

/** Functions of a colour and an amount: parts of 1, for `spin` degrees. */
export const adjustments: Readonly<Record<string, (color: Color, amount: number) => Color>> = {
  lighten: (color, amount) => change(color, 0, 0, amount),
  darken: (color, amount) => change(color, 0, 0, -amount),
  saturate: (color, amount) => change(color, 0, amount, 0),
  desaturate: (color, amount) => change(color, 0, -amount, 0),
  spin: (color, amount) => change(color, amount, 0, 0),
  greyscale: (color) => change(color, 0, -1, 0),
  fadein: (color, amount) => ({ ...color, alpha: within(color.alpha + amount, 1) }),
  fadeout: (color, amount) => ({ ...color, alpha: within(color.alpha - amount, 1) })
}

const change = (color: Color, hue: number, saturation: number, lightness: number): Color => {
  const [h, s, l] = toHsl(color)
  return hsla(h + hue, within(s + saturation, 1), within(l + lightness, 1), color.alpha)
}

/** A mixture with `weight` parts of 1 of the first. */
export const mix = (first: Color, second: Color, weight: number): Color => {
  const between = (a: number, b: number) => a * weight + b * (1 - weight)
  return rgba(
    between(first.red, second.red),
    between(first.green, second.green),
    between(first.blue, second.blue),
    between(first.alpha, second.alpha)
  )
}
