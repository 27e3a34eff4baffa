/** The `fields` member of a JSON answer: one descriptor per column. */
import type { Field } from "../Database.ts"
import type { TypeCatalog } from "./TypeCatalog.ts"

/** What the wire tells of a column. `pgtype` is missing for spatial and unknown types. */
export interface Descriptor {
  readonly type: string
  readonly pgtype?: string
  readonly wkbtype?: string
  readonly dims?: number
  readonly srid?: number
}

const wkbTypes = [
  "Unknown",
  "Point",
  "LineString",
  "Polygon",
  "MultiPoint",
  "MultiLineString",
  "MultiPolygon",
  "GeometryCollection",
  "CircularString",
  "CompoundCurve",
  "CurvePolygon",
  "MultiCurve",
  "MultiSurface",
  "PolyhedralSurface",
  "Triangle",
  "Tin"
]

/** PostGIS packs SRID, kind and the Z and M flags into the type modifier. */
const spatial = (type: string, modifier: number): Descriptor => {
  if (modifier < 0) return { type, dims: 4, srid: -1 }
  const srid = ((modifier & 0x0fffff00) - (modifier & 0x10000000)) >> 8
  const wkbtype = wkbTypes[(modifier & 0xfc) >> 2] ?? "Unknown"
  return { type, wkbtype, dims: 2 + ((modifier & 2) >> 1) + (modifier & 1), srid }
}

// The servers' own substring tests, in their order: `interval` and `point` are numbers on the wire.
const families: ReadonlyArray<readonly [family: string, marks: RegExp]> = [
  ["boolean", /bool/],
  ["number", /int|float|numeric/],
  ["string", /text|char|unknown/],
  ["date", /date|time/]
]

const familyOf = (name: string): string => {
  const family = families.find(([, marks]) => marks.test(name))?.[0] ?? name
  return name.startsWith("_") ? `${family}[]` : family
}

/** The descriptor of a column. */
export const describe = (catalog: TypeCatalog, { typeModifier, typeOid }: Field): Descriptor => {
  const name = catalog.get(typeOid)
  switch (name) {
    case undefined:
      return { type: `unknown(${typeOid})` }
    case "geometry":
    case "geography":
    case "raster":
      return spatial(name, typeModifier)
    case "json":
      return { type: "JSON", pgtype: "JSON" }
    default:
      return { type: familyOf(name), pgtype: name }
  }
}
