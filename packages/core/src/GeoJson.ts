/** RFC 7946 geometries, features and collections as schemas. */
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"

/** Longitude, latitude and perhaps height; PostGIS writes an empty point as no numbers at all. */
export const Position = Schema.Array(Schema.Finite)
export type Position = typeof Position.Type

const Positions = Schema.Array(Position)
const Rings = Schema.Array(Positions)

export const Point = Schema.Struct({ type: Schema.Literal("Point"), coordinates: Position })
export type Point = typeof Point.Type

export const MultiPoint = Schema.Struct({ type: Schema.Literal("MultiPoint"), coordinates: Positions })
export type MultiPoint = typeof MultiPoint.Type

export const LineString = Schema.Struct({ type: Schema.Literal("LineString"), coordinates: Positions })
export type LineString = typeof LineString.Type

export const MultiLineString = Schema.Struct({ type: Schema.Literal("MultiLineString"), coordinates: Rings })
export type MultiLineString = typeof MultiLineString.Type

export const Polygon = Schema.Struct({ type: Schema.Literal("Polygon"), coordinates: Rings })
export type Polygon = typeof Polygon.Type

export const MultiPolygon = Schema.Struct({ type: Schema.Literal("MultiPolygon"), coordinates: Schema.Array(Rings) })
export type MultiPolygon = typeof MultiPolygon.Type

export interface GeometryCollection {
  readonly type: "GeometryCollection"
  readonly geometries: ReadonlyArray<Geometry>
}
export const GeometryCollection: Schema.Codec<GeometryCollection> = Schema.Struct({
  type: Schema.Literal("GeometryCollection"),
  geometries: Schema.Array(Schema.suspend((): Schema.Codec<Geometry> => Geometry))
})

export type Geometry = Point | MultiPoint | LineString | MultiLineString | Polygon | MultiPolygon | GeometryCollection
export const Geometry: Schema.Codec<Geometry> = Schema.Union([
  Point,
  MultiPoint,
  LineString,
  MultiLineString,
  Polygon,
  MultiPolygon,
  GeometryCollection
])

/** A row as PostGIS and the SQL API's `format=geojson` write it; a row without a geometry has null. */
export const Feature = Schema.Struct({
  type: Schema.Literal("Feature"),
  id: Schema.optionalKey(Schema.Union([Schema.String, Schema.Finite])),
  geometry: Schema.NullOr(Geometry),
  properties: Schema.NullOr(Schema.Record(Schema.String, Schema.Json))
})
export type Feature = typeof Feature.Type

export const FeatureCollection = Schema.Struct({
  type: Schema.Literal("FeatureCollection"),
  features: Schema.Array(Feature)
})
export type FeatureCollection = typeof FeatureCollection.Type

const withCoordinates = new Set(["Point", "MultiPoint", "LineString", "MultiLineString", "Polygon", "MultiPolygon"])

/** Whether a value presents itself as a geometry, by its tag alone; the coordinates are not looked at. */
export const looksLikeGeometry = (value: unknown): boolean =>
  Predicate.hasProperty(value, "type") &&
  typeof value.type === "string" &&
  (withCoordinates.has(value.type)
    ? Predicate.hasProperty(value, "coordinates") && Array.isArray(value.coordinates)
    : value.type === "GeometryCollection" &&
      Predicate.hasProperty(value, "geometries") &&
      Array.isArray(value.geometries))

/** Decides in full whether a value is a GeoJSON geometry. */
export const isGeometry: (value: unknown) => value is Geometry = Schema.is(Geometry)
