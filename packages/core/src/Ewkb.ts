/** PostGIS's extended well-known binary, decoded to GeoJSON coordinates and encoded from them. */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import type * as GeoJson from "./GeoJson.ts"

/** Bytes or coordinates that are no EWKB of a type GeoJSON knows. */
export class EwkbError extends Schema.TaggedError<EwkbError>("carto/EwkbError")("EwkbError", {
  reason: Schema.String
}) {
  override get message(): string {
    return `EWKB: ${this.reason}`
  }
}

/** A decoded geometry; each position holds x, y, then z and m as far as the flags say. `srid` 0 means unknown. */
export interface Decoded {
  readonly geometry: GeoJson.Geometry
  readonly srid: number
  readonly hasZ: boolean
  readonly hasM: boolean
}

const Z = 0x80000000
const M = 0x40000000
const SRID = 0x20000000

const types = [
  "Point",
  "LineString",
  "Polygon",
  "MultiPoint",
  "MultiLineString",
  "MultiPolygon",
  "GeometryCollection"
] as const
type Type = (typeof types)[number]

/** Deeper nesting is refused by PostGIS as well, and would overflow the stack here. */
const maxDepth = 200

const fail = (reason: string): never => {
  throw new EwkbError({ reason })
}

class Reader {
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
    Object.assign(this, { dimensions, hasM, hasZ })
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

const misplaced = (part: GeoJson.Geometry, inside: Type): never => fail(`a ${part.type} inside a ${inside}`)

const caught = <A>(run: () => A): Result.Result<A, EwkbError> =>
  Result.try({
    try: run,
    catch: (error) => (error instanceof EwkbError ? error : new EwkbError({ reason: String(error) }))
  })

/** EWKB or plain WKB in either byte order; curves, surfaces and trailing bytes are refused. */
export const decode = (bytes: Uint8Array): Result.Result<Decoded, EwkbError> =>
  caught(() => {
    const reader = new Reader(bytes)
    const geometry = reader.geometry(0)
    if (reader.offset !== bytes.length) fail(`${bytes.length - reader.offset} bytes behind the geometry`)
    return { geometry, srid: reader.srid, hasZ: reader.hasZ, hasM: reader.hasM }
  })

class Writer {
  bytes = new Uint8Array(64)
  view = new DataView(this.bytes.buffer)
  length = 0
  readonly flags: number
  readonly dimensions: number

  constructor(hasZ: boolean, hasM: boolean) {
    this.flags = (hasZ ? Z : 0) + (hasM ? M : 0)
    this.dimensions = 2 + (hasZ ? 1 : 0) + (hasM ? 1 : 0)
  }

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
    this.view.setUint32(this.room(4), value, true)
  }

  position(position: GeoJson.Position): void {
    const empty = position.length === 0
    if (!empty && position.length !== this.dimensions) {
      fail(`a position of ${position.length} numbers where ${this.dimensions} are expected`)
    }
    for (let i = 0; i < this.dimensions; i++) this.view.setFloat64(this.room(8), position[i] ?? Number.NaN, true)
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
    this.view.setUint8(this.room(1), 1)
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

const ordinatesOf = (geometry: GeoJson.Geometry): number => {
  if (geometry.type !== "GeometryCollection") return widthOf(geometry.coordinates)
  for (const part of geometry.geometries) {
    const width = ordinatesOf(part)
    if (width > 0) return width
  }
  return 0
}

/** GeoJSON to little-endian EWKB; `srid` defaults to 4326, GeoJSON's own. A third ordinate is z unless `hasZ` is false. */
export const encode = (
  geometry: GeoJson.Geometry,
  options?: {
    readonly srid?: number | undefined
    readonly hasZ?: boolean | undefined
    readonly hasM?: boolean | undefined
  }
): Result.Result<Uint8Array, EwkbError> =>
  caught(() => {
    const ordinates = ordinatesOf(geometry)
    const writer = new Writer(options?.hasZ ?? ordinates > 2, options?.hasM ?? ordinates > 3)
    writer.geometry(geometry, options?.srid ?? 4326, 0)
    return writer.bytes.subarray(0, writer.length)
  })
