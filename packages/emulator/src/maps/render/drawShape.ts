/** Lines and areas. */
import type { Feature } from "../mvt/readFeatures.ts"
import type { Shape } from "../mvt/Twkb.ts"
import { unitsPerPixel } from "../Renderer.ts"
import { rgba } from "./cartocss/Color.ts"
import type { Symbolizer } from "./cartocss/cascade.ts"
import type { Sheet } from "./Drawing.ts"
import { blendMode, color, number, numbers, word } from "./settings.ts"

const moveTo = 0
const lineTo = 1
const close = 5

/** Skia's commands; rings are closed. */
const commands = ({ kind, parts }: Shape): ReadonlyArray<number> => {
  const list: Array<number> = []
  for (const path of parts.flat()) {
    for (let index = 0; index + 1 < path.length; index += 2) {
      list.push(
        index === 0 ? moveTo : lineTo,
        (path[index] ?? 0) / unitsPerPixel,
        (path[index + 1] ?? 0) / unitsPerPixel
      )
    }
    if (kind === 3 && path.length > 0) list.push(close)
  }
  return list
}

/** Fills areas, holes left out; lines as if they were closed. */
export const drawPolygon = ({ pen }: Sheet, { properties }: Symbolizer, feature: Feature): void => {
  if (feature.shape.kind === 1) return
  pen.fill(commands(feature.shape), {
    color: color(properties, "polygon-fill", rgba(128, 128, 128)),
    opacity: number(properties, "polygon-opacity", 1),
    blendMode: blendMode(properties, "polygon-comp-op")
  })
}

const joinOf = (told: string | undefined) => (told === "round" || told === "bevel" ? told : "miter")
const capOf = (told: string | undefined) => (told === "round" || told === "square" ? told : "butt")

/** Draws lines and the outlines of areas. */
export const drawLine = ({ pen }: Sheet, { properties }: Symbolizer, feature: Feature): void => {
  const read = (name: string, fallback: number) => number(properties, `line-${name}`, fallback, feature)
  const width = read("width", 1)
  if (feature.shape.kind === 1 || width <= 0) return
  const dashes = numbers(properties, "line-dasharray", feature)
  pen.stroke(commands(feature.shape), {
    color: color(properties, "line-color"),
    opacity: read("opacity", 1),
    blendMode: blendMode(properties, "line-comp-op"),
    width,
    join: joinOf(word(properties, "line-join")),
    cap: capOf(word(properties, "line-cap")),
    miterLimit: read("miterlimit", 4),
    // Skia knows pairs only.
    dashes: dashes.length % 2 === 0 ? dashes : [...dashes, ...dashes],
    dashOffset: read("dash-offset", 0)
  })
}
