/** Writes a shape as the drawing commands of a vector tile. */
import type { ByteWriter } from "./ByteWriter.ts"
import type { Path, Shape } from "./Twkb.ts"

const moveTo = 1
const lineTo = 2
const closePath = 7

const command = (id: number, count: number): number => (count << 3) | id

/** Twice the area in the tile's coordinates, whose y points down: positive is clockwise. */
const doubleArea = (ring: Path): number => {
  let area = 0
  for (let index = 0, last = ring.length - 2; index < ring.length; last = index, index += 2) {
    area += (ring[last] ?? 0) * (ring[index + 1] ?? 0) - (ring[index] ?? 0) * (ring[last + 1] ?? 0)
  }
  return area
}

const reversed = (path: Path): Path => {
  const result: Path = []
  for (let index = path.length - 2; index >= 0; index -= 2) result.push(path[index] ?? 0, path[index + 1] ?? 0)
  return result
}

/** Without points that stand where the one before stands; a ring also without the repetition of its first point. */
const distinct = (path: Path, isRing: boolean): Path => {
  const result: Path = []
  for (let index = 0; index < path.length; index += 2) {
    const x = path[index] ?? 0
    const y = path[index + 1] ?? 0
    if (index === 0 || x !== result.at(-2) || y !== result.at(-1)) result.push(x, y)
  }
  if (isRing && result.length > 2 && result[0] === result.at(-2) && result[1] === result.at(-1)) result.length -= 2
  return result
}

/** Commands of one geometry; each position is told as the way from the one before. */
class Pen {
  private readonly out: ByteWriter
  private x = 0
  private y = 0

  constructor(out: ByteWriter) {
    this.out = out
  }

  private go(path: Path, index: number): void {
    const x = path[index] ?? 0
    const y = path[index + 1] ?? 0
    this.out.zigzag(x - this.x)
    this.out.zigzag(y - this.y)
    this.x = x
    this.y = y
  }

  points(paths: ReadonlyArray<Path>): void {
    this.out.varint(command(moveTo, paths.length))
    for (const path of paths) this.go(path, 0)
  }

  path(path: Path, isRing: boolean): void {
    this.out.varint(command(moveTo, 1))
    this.go(path, 0)
    this.out.varint(command(lineTo, path.length / 2 - 1))
    for (let index = 2; index < path.length; index += 2) this.go(path, index)
    if (isRing) this.out.varint(command(closePath, 1))
  }
}

/** Outer rings clockwise, holes the other way; a ring that has shrunk to nothing is left out, an outer one with its holes. */
const polygon = (pen: Pen, rings: ReadonlyArray<Path>): void => {
  for (const [index, ring] of rings.entries()) {
    const path = distinct(ring, true)
    const area = doubleArea(path)
    if (area === 0 && index === 0) return
    if (area === 0) continue
    pen.path(area > 0 === (index === 0) ? path : reversed(path), true)
  }
}

/** Writes nothing for a shape of which the tile's precision leaves nothing. */
export const writeCommands = (out: ByteWriter, { kind, parts }: Shape): void => {
  const pen = new Pen(out)
  if (kind === 1) pen.points(parts.flat())
  for (const part of parts) {
    if (kind === 3) polygon(pen, part)
    else if (kind === 2) {
      for (const line of part) {
        const path = distinct(line, false)
        if (path.length > 2) pen.path(path, false)
      }
    }
  }
}
