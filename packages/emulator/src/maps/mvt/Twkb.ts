/** Reads TWKB of whole numbers, as `ST_AsTWKB(geometry, 0)` writes it. */

/** Coordinates in a flat list: x, y, x, y, … */
export type Path = Array<number>

/** Kinds of geometry as vector tiles number them. */
export type Kind = 1 | 2 | 3

/** A geometry of one kind: each polygon is a list of rings; a line or some points are a list of one path. */
export interface Shape {
  readonly kind: Kind
  readonly parts: ReadonlyArray<ReadonlyArray<Path>>
}

const hasBoundingBox = 1
const hasSize = 2
const hasIds = 4
const hasMoreDimensions = 8
const isEmpty = 16

class Reader {
  private readonly bytes: Buffer
  private x = 0
  private y = 0
  position: number

  constructor(bytes: Buffer, position: number) {
    this.bytes = bytes
    this.position = position
  }

  byte(): number {
    return this.bytes[this.position++] ?? 0
  }

  unsigned(): number {
    let value = 0
    for (let factor = 1; ; factor *= 128) {
      const byte = this.byte()
      value += (byte & 0x7f) * factor
      if (byte < 0x80) return value
    }
  }

  signed(): number {
    const value = this.unsigned()
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2
  }

  private path(count: number): Path {
    const path: Path = new Array(count * 2)
    for (let index = 0; index < count; index++) {
      this.x += this.signed()
      this.y += this.signed()
      path[2 * index] = this.x
      path[2 * index + 1] = this.y
    }
    return path
  }

  private paths(): ReadonlyArray<Path> {
    return Array.from({ length: this.unsigned() }, () => this.path(this.unsigned()))
  }

  private several<A>(read: () => A, flags: number): ReadonlyArray<A> {
    const count = this.unsigned()
    if ((flags & hasIds) !== 0) for (let index = 0; index < count; index++) this.signed()
    return Array.from({ length: count }, read)
  }

  /** The shapes of the geometry that begins here; several of a collection. */
  shapes(): ReadonlyArray<Shape> {
    this.x = 0
    this.y = 0
    const type = this.byte() & 15
    const flags = this.byte()
    if ((flags & hasMoreDimensions) !== 0) this.byte()
    if ((flags & hasSize) !== 0) this.unsigned()
    if ((flags & hasBoundingBox) !== 0) for (let index = 0; index < 4; index++) this.signed()
    if ((flags & isEmpty) !== 0) return []
    switch (type) {
      case 1:
        return [{ kind: 1, parts: [[this.path(1)]] }]
      case 2:
        return [{ kind: 2, parts: [[this.path(this.unsigned())]] }]
      case 3:
        return [{ kind: 3, parts: [this.paths()] }]
      case 4:
        return [{ kind: 1, parts: this.several(() => [this.path(1)], flags) }]
      case 5:
        return [{ kind: 2, parts: this.several(() => [this.path(this.unsigned())], flags) }]
      case 6:
        return [{ kind: 3, parts: this.several(() => this.paths(), flags) }]
      default:
        return this.several(() => this.shapes(), flags).flat()
    }
  }
}

/** The shape of a geometry; of a collection the parts of the highest dimension, as a feature has only one kind. */
export const readTwkb = (bytes: Buffer, start: number): Shape | undefined => {
  const shapes = new Reader(bytes, start).shapes()
  const [first, ...others] = shapes.toSorted((a, b) => b.kind - a.kind)
  if (first === undefined || others.length === 0) return first
  return { kind: first.kind, parts: shapes.filter(({ kind }) => kind === first.kind).flatMap(({ parts }) => parts) }
}
