/** Labels: horizontal text at points, with a halo. */
import type { Feature } from "../mvt/readFeatures.ts"
import { unitsPerPixel } from "../Renderer.ts"
import { anchors } from "./anchors.ts"
import { rgba } from "./cartocss/Color.ts"
import type { Symbolizer } from "./cartocss/cascade.ts"
import type { Sheet } from "./Drawing.ts"
import type { Box, Pen } from "./Pen.ts"
import { blendMode, color, flag, number, text, word } from "./settings.ts"

type Properties = Symbolizer["properties"]

const transforms: Readonly<Record<string, (text: string) => string>> = {
  uppercase: (text) => text.toUpperCase(),
  lowercase: (text) => text.toLowerCase(),
  capitalize: (text) => text.replace(/(^|\s)\p{L}/gu, (first) => first.toUpperCase())
}

/** Lines no wider than `width` pixels, where words allow it. */
const wrap = (pen: Pen, content: string, size: number, width: number): ReadonlyArray<string> => {
  if (width <= 0) return content.split("\n")
  const lines: Array<string> = []
  for (const word of content.split(/\s+/)) {
    const longer = `${lines.at(-1) ?? ""} ${word}`.trim()
    if (lines.length > 0 && pen.textWidth(longer, size) <= width) lines[lines.length - 1] = longer
    else lines.push(word)
  }
  return lines
}

const byOffset = (offset: number, before: string, after: string): string =>
  offset < 0 ? before : offset > 0 ? after : "middle"

/** From the anchor to the label's left or upper edge. */
const shift = (alignment: string, size: number): number =>
  alignment === "left" || alignment === "top" ? -size : alignment === "right" || alignment === "bottom" ? 0 : -size / 2

const told = (properties: Properties, name: string): string | undefined => {
  const alignment = word(properties, name)
  return alignment === "auto" || alignment === "adjust" ? undefined : alignment
}

/** Draws the label of a feature, if it has text and there is room. */
export const drawLabel = ({ collisions, pen }: Sheet, { properties }: Symbolizer, feature: Feature): void => {
  const read = (name: string, fallback: number) => number(properties, `text-${name}`, fallback, feature)
  const content = (transforms[word(properties, "text-transform") ?? ""] ?? ((own) => own))(
    text(properties, "text-name", feature)
  )
  if (content.trim() === "") return
  const size = read("size", 10)
  const lines = wrap(pen, content, size, read("wrap-width", 0))
  const widths = lines.map((line) => pen.textWidth(line, size))
  const { above, below } = pen.textHeight(size)
  const [width, height] = [Math.max(...widths), lines.length * (above + below)]
  const [dx, dy] = [read("dx", 0), read("dy", 0)]
  const horizontal = told(properties, "text-horizontal-alignment") ?? byOffset(dx, "left", "right")
  const vertical = told(properties, "text-vertical-alignment") ?? byOffset(dy, "top", "bottom")
  const placement = { onlyLargest: true, isInterior: word(properties, "text-placement") === "interior" }
  const opacity = read("opacity", 1)
  const mode = blendMode(properties, "text-comp-op")
  const ink = { color: color(properties, "text-fill"), opacity, blendMode: mode }
  const halo = read("halo-radius", 0)
  const outline = {
    color: color(properties, "text-halo-fill", rgba(255, 255, 255)),
    opacity: opacity * read("halo-opacity", 1),
    blendMode: mode,
    width: 2 * halo,
    join: "round" as const
  }
  for (const [x, y] of anchors(feature.shape, placement)) {
    const left = x / unitsPerPixel + dx + shift(horizontal, width)
    const top = y / unitsPerPixel + dy + shift(vertical, height)
    const box: Box = [left, top, left + width, top + height]
    if (!flag(properties, "text-allow-overlap") && !collisions.isFree(box)) continue
    collisions.add(box)
    const places = lines.map((line, index) => ({
      line,
      x: left + (width - (widths[index] ?? 0)) / 2,
      y: top + above + index * (above + below)
    }))
    if (halo > 0) for (const place of places) pen.strokeText(place.line, place.x, place.y, size, outline)
    for (const place of places) pen.fillText(place.line, place.x, place.y, size, ink)
  }
}
