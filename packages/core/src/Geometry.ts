/** A geometry or geography value as PostGIS sends it: exact bytes first, GeoJSON on demand. */
import * as Effect from "effect/Effect"
import * as Hex from "effect/encoding/Hex"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import * as SchemaTransformation from "effect/SchemaTransformation"
import * as Ewkb from "./Ewkb.ts"
import * as GeoJson from "./GeoJson.ts"

const withoutM = (geometry: GeoJson.Geometry, keep: number): GeoJson.Geometry => {
  const cut = (position: GeoJson.Position): GeoJson.Position => position.slice(0, keep)
  switch (geometry.type) {
    case "Point":
      return { type: geometry.type, coordinates: cut(geometry.coordinates) }
    case "LineString":
    case "MultiPoint":
      return { type: geometry.type, coordinates: geometry.coordinates.map(cut) }
    case "Polygon":
    case "MultiLineString":
      return { type: geometry.type, coordinates: geometry.coordinates.map((part) => part.map(cut)) }
    case "MultiPolygon":
      return {
        type: geometry.type,
        coordinates: geometry.coordinates.map((part) => part.map((ring) => ring.map(cut)))
      }
    case "GeometryCollection":
      return { type: geometry.type, geometries: geometry.geometries.map((part) => withoutM(part, keep)) }
  }
}

/** EWKB bytes; curves and surfaces, which GeoJSON does not know, pass through unharmed. */
export class Geometry extends Schema.Class<Geometry>("carto/Geometry")({ ewkb: Schema.Uint8Array }) {
  /** Hexadecimal EWKB, the text form PostGIS reads and writes. */
  get hex(): string {
    return Hex.encode(this.ewkb).toUpperCase()
  }

  /** Coordinates, SRID and dimensions. */
  get decoded(): Result.Result<Ewkb.Decoded, Ewkb.EwkbError> {
    return Ewkb.decode(this.ewkb)
  }

  /** The GeoJSON of the coordinates as they are: not reprojected, and without m, which GeoJSON has no place for. */
  get geoJson(): Result.Result<GeoJson.Geometry, Ewkb.EwkbError> {
    return Result.map(this.decoded, ({ geometry, hasM, hasZ }) => (hasM ? withoutM(geometry, hasZ ? 3 : 2) : geometry))
  }

  /** The bytes of a GeoJSON geometry; `srid` defaults to 4326. */
  static fromGeoJson(
    geometry: GeoJson.Geometry,
    options?: { readonly srid?: number | undefined }
  ): Result.Result<Geometry, Ewkb.EwkbError> {
    return Result.map(Ewkb.encode(geometry, options), (ewkb) => new Geometry({ ewkb }))
  }
}

const issue = (
  error: Ewkb.EwkbError,
  input: unknown,
  options: ConstructorParameters<typeof SchemaIssue.InvalidValue>[2]
): SchemaIssue.Issue => new SchemaIssue.InvalidValue({ message: error.message }, input, options)

/** For row schemas that want GeoJSON instead of bytes; written back with SRID 4326. */
export const GeometryAsGeoJson = Schema.toType(Geometry).pipe(
  Schema.decodeTo(
    Schema.toType(GeoJson.Geometry),
    SchemaTransformation.transformEffect({
      decode: (geometry: Geometry, options) =>
        Effect.fromResult(Result.mapError(geometry.geoJson, (error) => issue(error, geometry, options))),
      encode: (geoJson: GeoJson.Geometry, options) =>
        Effect.fromResult(Result.mapError(Geometry.fromGeoJson(geoJson), (error) => issue(error, geoJson, options)))
    })
  )
)
