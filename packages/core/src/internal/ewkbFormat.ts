/** What reading and writing EWKB share. */
import * as Schema from "effect/Schema"

/** Bytes or coordinates that are no EWKB of a type GeoJSON knows. */
export class EwkbError extends Schema.TaggedError<EwkbError>("carto/EwkbError")("EwkbError", {
  reason: Schema.String
}) {
  override get message(): string {
    return `EWKB: ${this.reason}`
  }
}

export const fail = (reason: string): never => {
  throw new EwkbError({ reason })
}

/** Flags of the type word. */
export const Z = 0x80000000
export const M = 0x40000000
export const SRID = 0x20000000

/** In the order of their codes, from 1. */
export const types = [
  "Point",
  "LineString",
  "Polygon",
  "MultiPoint",
  "MultiLineString",
  "MultiPolygon",
  "GeometryCollection"
] as const
export type Type = (typeof types)[number]

/** Deeper nesting is refused by PostGIS as well, and would overflow the stack here. */
export const maxDepth = 200
