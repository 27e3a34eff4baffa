/** An enrichment as a statement of PostGIS. */
import { quoteIdentifier } from "../SqlText.ts"
import type { Column } from "./columnTypes.ts"
import { geometryColumn } from "./content.ts"
import type { Output, Source } from "./EnrichmentPlan.ts"
import { geographyOf, viewOf } from "./observatoryRole.ts"

/** The places of a user's dataset; texts are read as geographies are. */
export const placeOf = ({ name, type }: Column): string =>
  type === "GEOGRAPHY" ? quoteIdentifier(name) : `ST_SetSRID(${quoteIdentifier(name)}::geometry, 4326)`

const place = `g.${quoteIdentifier(geometryColumn)}`

/** The part of an area that lies in the polygon; a point lies there whole. */
const share = `CASE WHEN ST_Dimension(${place}) = 2
  THEN ST_Area(ST_Intersection(${place}, here.place)::geography) / ST_Area(${place}::geography) ELSE 1 END`

interface EnrichmentStatement {
  readonly type: "points" | "polygons"
  /** Where the rows go. */
  readonly target: string
  readonly input: { readonly table: string; readonly columns: ReadonlyArray<Column> }
  /** The column with the places. */
  readonly place: Column
  readonly sources: ReadonlyArray<Source>
}

/** Sums are of what is spread over an area: a polygon gets its share. Other aggregations take values as they are. */
const aggregated = (type: EnrichmentStatement["type"], { method, variable }: Output): string => {
  const value = `d.${quoteIdentifier(variable.name)}`
  if (method === undefined) return value
  return method === "SUM" && type === "polygons" ? `SUM(${value} * ${share})` : `${method}(${value})`
}

const lateral = (type: EnrichmentStatement["type"], { dataset, filters, outputs }: Source, alias: string): string => {
  const values = outputs.map((output) => `${aggregated(type, output)} AS ${quoteIdentifier(output.name)}`)
  // On lines of their own, for a comment in a condition ends there.
  const conditions = filters.map(
    ({ condition, variable }) => `AND (d.${quoteIdentifier(variable.name)} ${condition}\n)`
  )
  return `LEFT JOIN LATERAL (
    SELECT ${values.join(", ")} FROM ${viewOf(dataset)} d JOIN ${viewOf(geographyOf(dataset))} g USING (geoid)
    WHERE ST_Intersects(${place}, here.place) ${conditions.join(" ")}
  ) ${alias} ON true`
}

/** Fills the target: all columns of the input, and behind them those of the sources in their order. */
export const enrichmentSql = ({ input, place, sources, target, type }: EnrichmentStatement): string => {
  const kept = input.columns.map(({ name }) => `u.${quoteIdentifier(name)}`)
  const made = sources.flatMap(({ outputs }, i) => outputs.map(({ name }) => `e${i}.${quoteIdentifier(name)}`))
  const joins = sources.map((source, i) => lateral(type, source, `e${i}`))
  return `INSERT INTO ${target} SELECT ${[...kept, ...made].join(", ")} FROM ${input.table} u
  CROSS JOIN LATERAL (SELECT ${placeOf(place)} AS place) here
  ${joins.join("\n  ")}`
}

/** The kinds of geometries among the places. */
export const kindsSql = (table: string, place: Column): string =>
  `SELECT DISTINCT GeometryType(${placeOf(place)}) AS kind FROM ${table} WHERE ${quoteIdentifier(place.name)} IS NOT NULL`
