/** Where a dataset's geometry comes from: a column that holds geometries, or two that hold coordinates (§6.6). */
import type { Column } from "./Staged.ts"

/** SQL of the geometry, the column it used up, and whether its texts may turn out to be no geometries at all. */
export interface Georeference {
  readonly geometry: string
  readonly source: Column | undefined
  readonly isUncertain: boolean
}

const geometryNames = ["the_geom", "geom", "geometry", "wkb_geometry", "geojson", "wkt"]

const latitudeNames = [
  "latitude",
  "lat",
  "latitudedecimal",
  "latitud",
  "lati",
  "decimallatitude",
  "decimallat",
  "point_latitude"
]

const longitudeNames = [
  "longitude",
  "lon",
  "lng",
  "longitudedecimal",
  "longitud",
  "long",
  "decimallongitude",
  "decimallong",
  "point_longitude"
]

const byNames = (columns: ReadonlyArray<Column>, names: ReadonlyArray<string>): Column | undefined => {
  for (const name of names) {
    const found = columns.find((column) => column.name.trim().toLowerCase() === name)
    if (found !== undefined) return found
  }
  return undefined
}

const isNumeric = ({ type }: Column): boolean => /^(?:integer|bigint|smallint|double|real|numeric)/.test(type)

/** A geometry of any kind in two dimensions and in degrees, as datasets have it. */
export const inDegrees = (geometry: string): string => `(select case
    when public.ST_SRID(_g) in (0, 4326) then public.ST_SetSRID(public.ST_Force2D(_g), 4326)
    else public.ST_Transform(public.ST_Force2D(_g), 4326) end
  from (select ${geometry} as _g offset 0) as _geometries)`

/** A number, or NULL where the text is none. */
const coordinate = (column: Column, limit: number): string => {
  if (isNumeric(column)) {
    return `case when ${column.expression} between -${limit} and ${limit} then (${column.expression})::float8 end`
  }
  const text = `replace(btrim((${column.expression})::text), ',', '.')`
  const number = `case when ${text} ~ '^[-+]?[0-9]{1,3}([.][0-9]+)?$' then ${text}::float8 end`
  return `case when ${number} between -${limit} and ${limit} then ${number} end`
}

// A text is WKT, EWKT, hexadecimal WKB or GeoJSON.
const parsed = ({ expression, type }: Column): string =>
  inDegrees(type === "geometry" ? expression : `nullif(btrim(${expression}), '')::public.geometry`)

/** The best source there is; none where no column looks like one. */
export const georeference = (columns: ReadonlyArray<Column>): Georeference | undefined => {
  const texts = columns.filter(({ type }) => type === "text" || type === "geometry")
  const source = byNames(texts, geometryNames)
  if (source !== undefined) return { geometry: parsed(source), source, isUncertain: source.type === "text" }
  const latitude = byNames(columns, latitudeNames)
  const longitude = byNames(columns, longitudeNames)
  if (latitude === undefined || longitude === undefined) return undefined
  return {
    // A point with one coordinate is none.
    geometry: `public.ST_SetSRID(public.ST_MakePoint(${coordinate(longitude, 180)}, ${coordinate(latitude, 90)}), 4326)`,
    source: undefined,
    isUncertain: false
  }
}
