/** Markers: ellipses at points, in the middle of lines and polygons. */
import type { Feature } from "../mvt/readFeatures.ts"
import { unitsPerPixel } from "../Renderer.ts"
import { anchors } from "./anchors.ts"
import { rgba } from "./cartocss/Color.ts"
import type { Symbolizer } from "./cartocss/cascade.ts"
import type { Sheet } from "./Drawing.ts"
import type { Box } from "./Pen.ts"
import { blendMode, color, flag, number, word } from "./settings.ts"

const defaultSize = 10

// The servers draw circles as polygons of few corners, so that two of them come a little nearer to each other.
const takenPart = 0.99

/** Either side is as long as the other where only one is told. */
const sizeOf = ({ properties }: Symbolizer, feature: Feature): readonly [width: number, height: number] => {
  const side = (own: string, other: string) =>
    number(properties, own, number(properties, other, defaultSize, feature), feature)
  return [side("marker-width", "marker-height"), side("marker-height", "marker-width")]
}

/** Draws the markers of a feature where there is room. */
export const drawMarker = ({ collisions, pen }: Sheet, symbolizer: Symbolizer, feature: Feature): void => {
  const { properties } = symbolizer
  const [width, height] = sizeOf(symbolizer, feature)
  if (width <= 0 || height <= 0) return
  const read = (name: string, fallback: number) => number(properties, `marker-${name}`, fallback, feature)
  const placement = {
    onlyLargest: word(properties, "marker-multi-policy") === "largest",
    isInterior: word(properties, "marker-placement") === "interior"
  }
  // `marker-opacity` takes the place of both other opacities.
  const mode = blendMode(properties, "marker-comp-op")
  const ink = {
    color: color(properties, "marker-fill", rgba(0, 0, 255)),
    opacity: read("opacity", read("fill-opacity", 1)),
    blendMode: mode
  }
  const outline = {
    color: color(properties, "marker-line-color"),
    opacity: read("opacity", read("line-opacity", 1)),
    blendMode: mode,
    width: read("line-width", 0.5)
  }
  for (const [unitsX, unitsY] of anchors(feature.shape, placement)) {
    const [x, y] = [unitsX / unitsPerPixel, unitsY / unitsPerPixel]
    const around = (part: number): Box => {
      const [halfWidth, halfHeight] = [(width * part) / 2, (height * part) / 2]
      return [x - halfWidth, y - halfHeight, x + halfWidth, y + halfHeight]
    }
    const [box, taken] = [around(1), around(takenPart)]
    if (!flag(properties, "marker-allow-overlap") && !collisions.isFree(taken)) continue
    if (!flag(properties, "marker-ignore-placement")) collisions.add(taken)
    pen.fillOval(box, ink)
    if (outline.width > 0) pen.strokeOval(box, outline)
  }
}
