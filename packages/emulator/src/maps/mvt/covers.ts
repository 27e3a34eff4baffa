/** Which cells of a square grid a shape lies over. */
import type { Path, Shape } from "./Twkb.ts"

/** How far marks reach, and how far points are moved to the right and down before they are drawn. */
interface Reach {
  readonly point: number
  readonly line: number
  readonly shift: number
}

/** The square of the distance of a place from a stretch. */
const distance2 = (x: number, y: number, x0: number, y0: number, x1: number, y1: number): number => {
  const [dx, dy] = [x1 - x0, y1 - y0]
  const length2 = dx * dx + dy * dy
  const along = length2 === 0 ? 0 : Math.max(0, Math.min(1, ((x - x0) * dx + (y - y0) * dy) / length2))
  return (x - x0 - along * dx) ** 2 + (y - y0 - along * dy) ** 2
}

/** The distance of a place from the nearest stretch of a path, squared. */
const fromPath = (path: Path, x: number, y: number): number => {
  let nearest = Number.POSITIVE_INFINITY
  for (let index = 0; index < path.length; index += 2) {
    const next = index + 2 < path.length ? index + 2 : index
    nearest = Math.min(
      nearest,
      distance2(x, y, path[index] ?? 0, path[index + 1] ?? 0, path[next] ?? 0, path[next + 1] ?? 0)
    )
  }
  return nearest
}

/** Whether a ray to the right crosses a ring an odd number of times. */
const isInside = (ring: Path, x: number, y: number): boolean => {
  let inside = false
  for (let index = 0; index + 3 < ring.length; index += 2) {
    const [x0 = 0, y0 = 0, x1 = 0, y1 = 0] = ring.slice(index, index + 4)
    if (y0 > y !== y1 > y && x < x0 + ((y - y0) / (y1 - y0)) * (x1 - x0)) inside = !inside
  }
  return inside
}

/** Calls with each cell whose middle the shape covers. */
export const covers = (
  { kind, parts }: Shape,
  size: number,
  units: number,
  marks: Reach,
  hit: (cell: number) => void
): void => {
  const reach = kind === 1 ? marks.point : kind === 2 ? Math.max(marks.line, units / 2) : 0
  const shift = kind === 1 ? marks.shift : 0
  for (const part of parts) {
    const all = part.flat()
    const xs = all.filter((_, index) => index % 2 === 0)
    const ys = all.filter((_, index) => index % 2 === 1)
    const first = (values: ReadonlyArray<number>) => Math.max(0, Math.floor((extreme(values, -1) - reach) / units))
    const last = (values: ReadonlyArray<number>) =>
      Math.min(size - 1, Math.floor((extreme(values, 1) + shift + reach) / units))
    for (let row = first(ys); row <= last(ys); row++) {
      for (let column = first(xs); column <= last(xs); column++) {
        const [x, y] = [(column + 0.5) * units - shift, (row + 0.5) * units - shift]
        const isCovered =
          kind === 3
            ? part.filter((ring) => isInside(ring, x, y)).length % 2 === 1
            : part.some((path) => fromPath(path, x, y) <= reach * reach)
        if (isCovered) hit(row * size + column)
      }
    }
  }
}

/** The smallest or largest of many, which may be more than a call can take. */
const extreme = (values: ReadonlyArray<number>, sign: 1 | -1): number =>
  values.reduce((most, value) => (value * sign > most * sign ? value : most), values[0] ?? 0)
