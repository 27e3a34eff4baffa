/** EWKB to GeoJSON coordinates. Throws `EwkbError`. */
import type * as GeoJson from "../GeoJson.ts"
import { fail, M, maxDepth, SRID, type Type, types, Z } from "./ewkbFormat.ts"

const misplaced = (part: GeoJson.Geometry, inside: Type): never => fail(`a ${part.type} inside a ${inside}`)

export class Reader {
  readonly view: DataView
  offset = 0
  little = true
  dimensions = 2
  hasZ = false
  hasM = false
  srid = 0

  constructor(bytes: Uint8Array) {
    this.view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  need(size: number): void {
    if (this.view.byteLength - this.offset < size) fail("the bytes end too early")
  }

  uint32(): number {
    this.need(4)
    const value = this.view.getUint32(this.offset, this.little)
    this.offset += 4
    return value
  }

  /** A count is checked against the bytes left, so that a wrong one cannot ask for gigabytes. */
  count(bytesEach: number): number {
    const count = this.uint32()
    this.need(count * bytesEach)
    return count
  }

  header(): Type {
    this.need(1)
    const order = this.view.getUint8(this.offset)
    if (order > 1) fail(`unknown byte order ${order}`)
    this.offset += 1
    this.little = order === 1
    const word = this.uint32()
    const code = word & 0xffff
    // ISO well-known binary writes the dimensions as thousands: 1001 is PointZ, 2001 PointM, 3001 PointZM.
    const iso = Math.floor(code / 1000)
    this.hasZ = (word & Z) !== 0 || iso === 1 || iso === 3
    this.hasM = (word & M) !== 0 || iso === 2 || iso === 3
    this.dimensions = 2 + (this.hasZ ? 1 : 0) + (this.hasM ? 1 : 0)
    if ((word & SRID) !== 0) this.srid = this.uint32()
    return types[(code % 1000) - 1] ?? fail(`geometry type ${code % 1000} has no GeoJSON form`)
  }

  position(): GeoJson.Position {
    this.need(8 * this.dimensions)
    const position: Array<number> = []
    for (let i = 0; i < this.dimensions; i++) {
      position.push(this.view.getFloat64(this.offset, this.little))
      this.offset += 8
    }
    return position
  }

  positions(): ReadonlyArray<GeoJson.Position> {
    const count = this.count(8 * this.dimensions)
    const positions: Array<GeoJson.Position> = []
    for (let i = 0; i < count; i++) positions.push(this.position())
    return positions
  }

  rings(): ReadonlyArray<ReadonlyArray<GeoJson.Position>> {
    const count = this.count(4)
    const rings: Array<ReadonlyArray<GeoJson.Position>> = []
    for (let i = 0; i < count; i++) rings.push(this.positions())
    return rings
  }

  /** The parts of a multi-geometry, each with a header of its own. */
  parts<A>(read: (part: GeoJson.Geometry) => A, depth: number): ReadonlyArray<A> {
    if (depth >= maxDepth) fail(`nested deeper than ${maxDepth}`)
    const count = this.count(5)
    const parts: Array<A> = []
    const { dimensions, hasM, hasZ } = this
    for (let i = 0; i < count; i++) parts.push(read(this.geometry(depth + 1)))
    this.dimensions = dimensions
    this.hasM = hasM
    this.hasZ = hasZ
    return parts
  }

  geometry(depth: number): GeoJson.Geometry {
    const type = this.header()
    switch (type) {
      case "Point": {
        const position = this.position()
        // PostGIS writes an empty point as one whose coordinates are all NaN.
        return { type, coordinates: position.every(Number.isNaN) ? [] : position }
      }
      case "LineString":
        return { type, coordinates: this.positions() }
      case "Polygon":
        return { type, coordinates: this.rings() }
      case "MultiPoint":
        return {
          type,
          coordinates: this.parts((part) => (part.type === "Point" ? part.coordinates : misplaced(part, type)), depth)
        }
      case "MultiLineString":
        return {
          type,
          coordinates: this.parts(
            (part) => (part.type === "LineString" ? part.coordinates : misplaced(part, type)),
            depth
          )
        }
      case "MultiPolygon":
        return {
          type,
          coordinates: this.parts((part) => (part.type === "Polygon" ? part.coordinates : misplaced(part, type)), depth)
        }
      case "GeometryCollection":
        return { type, geometries: this.parts((part) => part, depth) }
    }
  }
}
