/** Where marks and labels of a geometry stand. */
import type { Path, Shape } from "../mvt/Twkb.ts"

/** x and y, in the units of the geometry. */
export type Anchor = readonly [x: number, y: number]

const points = (path: Path): Array<Anchor> => {
  const list: Array<Anchor> = []
  for (let index = 0; index + 1 < path.length; index += 2) list.push([path[index] ?? 0, path[index + 1] ?? 0])
  return list
}

const segments = (path: Path): ReadonlyArray<readonly [from: Anchor, to: Anchor]> => {
  const list = points(path)
  return list.slice(1).flatMap((to, index) => {
    const from = list[index]
    return from === undefined ? [] : [[from, to] as const]
  })
}

const length = ([[x0, y0], [x1, y1]]: readonly [Anchor, Anchor]): number => Math.hypot(x1 - x0, y1 - y0)

/** Halfway along a line. */
const middle = (path: Path): Anchor => {
  const all = segments(path)
  let left = all.reduce((sum, segment) => sum + length(segment), 0) / 2
  for (const segment of all) {
    const own = length(segment)
    if (own >= left && own > 0) {
      const [[x0, y0], [x1, y1]] = segment
      return [x0 + ((x1 - x0) * left) / own, y0 + ((y1 - y0) * left) / own]
    }
    left -= own
  }
  return points(path)[0] ?? [0, 0]
}

/** The middle of the area, which may lie outside of it. */
const centroid = (rings: ReadonlyArray<Path>): Anchor => {
  let [area, x, y] = [0, 0, 0]
  for (const [[x0, y0], [x1, y1]] of rings.flatMap(segments)) {
    const cross = x0 * y1 - x1 * y0
    area += cross
    x += (x0 + x1) * cross
    y += (y0 + y1) * cross
  }
  return area === 0 ? (points(rings[0] ?? [])[0] ?? [0, 0]) : [x / (3 * area), y / (3 * area)]
}

/** The middle of the widest stretch inside the area, at the height of its centroid. */
const interior = (rings: ReadonlyArray<Path>): Anchor => {
  const [x, y] = centroid(rings)
  const crossings = rings
    .flatMap(segments)
    .flatMap(([[x0, y0], [x1, y1]]) => (y0 > y === y1 > y ? [] : [x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)]))
    .toSorted((a, b) => a - b)
  let [widest, best] = [0, x]
  for (let index = 0; index + 1 < crossings.length; index += 2) {
    const [from = 0, to = 0] = crossings.slice(index, index + 2)
    if (to - from > widest) [widest, best] = [to - from, (from + to) / 2]
  }
  return [best, y]
}

const extent = (path: Path): number => {
  const list = points(path)
  const spread = (values: ReadonlyArray<number>) =>
    values.reduce((a, b) => Math.max(a, b), -Infinity) - values.reduce((a, b) => Math.min(a, b), Infinity)
  return list.length === 0 ? 0 : spread(list.map(([x]) => x)) + spread(list.map(([, y]) => y))
}

/** How a geometry of several parts is marked, and where the mark of a polygon is. */
export interface Placement {
  readonly onlyLargest: boolean
  readonly isInterior: boolean
}

/** One anchor for each part: points themselves, the middle of lines, of polygons as asked. */
export const anchors = ({ kind, parts }: Shape, { isInterior, onlyLargest }: Placement): ReadonlyArray<Anchor> => {
  if (kind === 1) return parts.flat().flatMap(points)
  if (kind === 2) return chosen(parts.flat(), (path) => path, onlyLargest).map(middle)
  return chosen(parts, (rings) => rings[0] ?? [], onlyLargest).map(isInterior ? interior : centroid)
}

const chosen = <A>(parts: ReadonlyArray<A>, outline: (part: A) => Path, onlyLargest: boolean): ReadonlyArray<A> => {
  if (!onlyLargest || parts.length < 2) return parts
  return parts.toSorted((a, b) => extent(outline(b)) - extent(outline(a))).slice(0, 1)
}
