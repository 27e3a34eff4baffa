/** A map of a query: its rows as they are, and panels for its first columns. */
import * as Dataview from "@effect-carto/core/Dataview"
import * as Literal from "@effect-carto/core/Literal"
import * as MapConfig from "@effect-carto/core/MapConfig"
import * as MapLayer from "@effect-carto/core/MapLayer"
import * as PgTypes from "@effect-carto/core/PgTypes"
import { Sql } from "@effect-carto/core/Sql"
import * as Effect from "effect/Effect"
import { usage } from "../CommandError.ts"

/** More would be longer than the screen. */
const most = 2

/** The page shows a tile twice as large as CARTO's own maps do; by default its shapes are made coarse for those. */
const fine = { vector_extent: 4096, vector_simplify_extent: 4096 } as const

/** Draws `the_geom_webmercator`, else `the_geom`, else the first geometry there is. */
export const queryMap = Effect.fnUntraced(function* (text: string) {
  const query = text.trim().replace(/;+$/, "")
  const sql = yield* Sql
  const { fields } = yield* sql.query()`select * from (${sql.unsafe(query)}) as preview limit 0`
  const geometries = Object.keys(fields).filter((name) => fields[name]?.type === "geometry")
  const preferred = ["the_geom_webmercator", "the_geom"].find((name) => geometries.includes(name)) ?? geometries[0]
  if (preferred === undefined) {
    return yield* usage("The query has no column of geometries.", "Select the_geom, too.")
  }
  const projected = preferred === "the_geom_webmercator"
  const drawn = projected ? query : webMercator(query, preferred)
  return MapConfig.make([MapLayer.mapnik(drawn, { id: "query", ...fine })], {
    analyses: [MapConfig.source("query", drawn)],
    dataviews: panels(fields)
  })
})

/** Geometries without a reference system are taken for degrees, as CARTO does. */
const webMercator = (query: string, column: string): string => {
  const name = Literal.identifier(column)
  const degrees = `case when ST_SRID(${name}) = 0 then ST_SetSRID(${name}, 4326) else ${name} end`
  return `select *, ST_Transform(${degrees}, 3857) as the_geom_webmercator from (${query}) as preview`
}

/** Keys count nothing, and are no categories. */
const isKey = (name: string): boolean => /(^|_)id$/.test(name)

const panels = (fields: PgTypes.Fields): Readonly<Record<string, Dataview.Dataview>> => {
  const columns = PgTypes.columns(fields).filter(({ name }) => !isKey(name))
  const of = (pattern: RegExp) => columns.filter(({ pgtype }) => pattern.test(pgtype)).slice(0, most)
  return Object.fromEntries([
    ["rows", Dataview.formula("query", "count")],
    ...of(/^(text|varchar|bpchar|bool|name)$/).map(({ name }) => [name, Dataview.aggregation("query", name)]),
    ...of(/^(int[248]|float[48]|numeric)$/).map(({ name }) => [name, Dataview.histogram("query", name)]),
    ...of(/^(date|timestamp|timestamptz)$/).map(({ name }) => [
      name,
      Dataview.histogram("query", name, { aggregation: "auto" })
    ])
  ])
}
