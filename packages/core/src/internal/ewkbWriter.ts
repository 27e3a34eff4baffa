/** GeoJSON coordinates to EWKB. Throws `EwkbError`. */
import type * as GeoJson from "../GeoJson.ts"
import { fail, M, maxDepth, SRID, type Type, types, Z } from "./ewkbFormat.ts"

export class Writer {
  bytes = new Uint8Array(64)
  view = new DataView(this.bytes.buffer)
  length = 0
  readonly flags: number
  readonly dimensions: number

  constructor(hasZ: boolean, hasM: boolean) {
    this.flags = (hasZ ? Z : 0) + (hasM ? M : 0)
    this.dimensions = 2 + (hasZ ? 1 : 0) + (hasM ? 1 : 0)
  }

  /** Where the next `size` bytes go. It may replace `view`, so it must be called before that is looked at. */
  room(size: number): number {
    if (this.length + size > this.bytes.length) {
      const larger = new Uint8Array(Math.max(this.bytes.length * 2, this.length + size))
      larger.set(this.bytes)
      this.bytes = larger
      this.view = new DataView(larger.buffer)
    }
    const at = this.length
    this.length += size
    return at
  }

  uint32(value: number): void {
    const at = this.room(4)
    this.view.setUint32(at, value, true)
  }

  position(position: GeoJson.Position): void {
    const empty = position.length === 0
    if (!empty && position.length !== this.dimensions) {
      fail(`a position of ${position.length} numbers where ${this.dimensions} are expected`)
    }
    const at = this.room(8 * this.dimensions)
    for (let i = 0; i < this.dimensions; i++) this.view.setFloat64(at + 8 * i, position[i] ?? Number.NaN, true)
  }

  positions(positions: ReadonlyArray<GeoJson.Position>): void {
    this.uint32(positions.length)
    for (const position of positions) {
      if (position.length === 0) fail("an empty position inside a line")
      this.position(position)
    }
  }

  rings(rings: ReadonlyArray<ReadonlyArray<GeoJson.Position>>): void {
    this.uint32(rings.length)
    for (const ring of rings) this.positions(ring)
  }

  header(type: Type, srid: number): void {
    const at = this.room(1)
    this.view.setUint8(at, 1)
    this.uint32(this.flags + (srid === 0 ? 0 : SRID) + types.indexOf(type) + 1)
    if (srid !== 0) this.uint32(srid)
  }

  /** The SRID stands in the outermost header only. */
  geometry(geometry: GeoJson.Geometry, srid: number, depth: number): void {
    if (depth >= maxDepth) fail(`nested deeper than ${maxDepth}`)
    this.header(geometry.type, srid)
    switch (geometry.type) {
      case "Point":
        this.position(geometry.coordinates)
        return
      case "LineString":
        this.positions(geometry.coordinates)
        return
      case "Polygon":
        this.rings(geometry.coordinates)
        return
      case "GeometryCollection":
        this.uint32(geometry.geometries.length)
        for (const part of geometry.geometries) this.geometry(part, 0, depth + 1)
        return
      case "MultiPoint":
        this.uint32(geometry.coordinates.length)
        for (const part of geometry.coordinates) {
          this.header("Point", 0)
          this.position(part)
        }
        return
      case "MultiLineString":
        this.uint32(geometry.coordinates.length)
        for (const part of geometry.coordinates) {
          this.header("LineString", 0)
          this.positions(part)
        }
        return
      case "MultiPolygon":
        this.uint32(geometry.coordinates.length)
        for (const part of geometry.coordinates) {
          this.header("Polygon", 0)
          this.rings(part)
        }
    }
  }
}

/** The number of ordinates of the first position; an empty geometry counts as flat. */
const widthOf = (value: unknown): number => {
  if (!Array.isArray(value) || value.length === 0) return 0
  if (typeof value[0] === "number") return value.length
  for (const part of value) {
    const width = widthOf(part)
    if (width > 0) return width
  }
  return 0
}

/** How many ordinates the positions have; 0 when there are none. */
export const ordinatesOf = (geometry: GeoJson.Geometry): number => {
  if (geometry.type !== "GeometryCollection") return widthOf(geometry.coordinates)
  for (const part of geometry.geometries) {
    const width = ordinatesOf(part)
    if (width > 0) return width
  }
  return 0
}
