/** Geometries for people: well-known text, with the SRID where it is not the usual 4326. */
import type * as GeoJson from "@effect-carto/core/GeoJson"
import type { Geometry } from "@effect-carto/core/Geometry"
import * as Result from "effect/Result"

const empty = "EMPTY"

/** Falls back to hexadecimal for curves and surfaces. */
export const toWkt = (geometry: Geometry): string =>
  Result.match(geometry.decoded, {
    onFailure: () => geometry.hex,
    onSuccess: ({ geometry, hasM, hasZ, srid }) => {
      const flag = `${hasZ ? "Z" : ""}${hasM ? "M" : ""}`
      return `${srid === 0 || srid === 4326 ? "" : `SRID=${srid};`}${tagged(geometry, flag === "" ? "" : ` ${flag}`)}`
    }
  })

const tagged = (geometry: GeoJson.Geometry, flag: string): string => {
  const coordinates = body(geometry, flag)
  return `${geometry.type.toUpperCase()}${flag}${coordinates === empty ? ` ${empty}` : coordinates}`
}

const body = (geometry: GeoJson.Geometry, flag: string): string => {
  switch (geometry.type) {
    case "Point":
      return list(geometry.coordinates.length === 0 ? [] : [position(geometry.coordinates)])
    case "MultiPoint":
    case "LineString":
      return line(geometry.coordinates)
    case "MultiLineString":
    case "Polygon":
      return list(geometry.coordinates.map(line))
    case "MultiPolygon":
      return list(geometry.coordinates.map((polygon) => list(polygon.map(line))))
    case "GeometryCollection":
      return list(geometry.geometries.map((part) => tagged(part, flag)))
  }
}

const position = (numbers: GeoJson.Position): string => numbers.join(" ")
const line = (positions: ReadonlyArray<GeoJson.Position>): string => list(positions.map(position))
const list = (parts: ReadonlyArray<string>): string => (parts.length === 0 ? empty : `(${parts.join(",")})`)
