/** Maps of a few cities, for tests of what commands make of them. */
import { onEmulator } from "../../harness.ts"

const values = [
  "(1, 'Madrid', 'Spain', 3300000, -3.70, 40.42)",
  "(2, 'Barcelona', 'Spain', 1600000, 2.17, 41.38)",
  "(3, 'Lisbon', 'Portugal', 550000, -9.14, 38.72)",
  "(4, 'Paris', 'France', 2100000, 2.35, 48.86)"
]

/** The table `cities`, with the columns of every table of CARTO. */
export const prepared = onEmulator([
  "sql",
  "query",
  `create table cities as
   select cartodb_id, name, country, population, the_geom, ST_Transform(the_geom, 3857) as the_geom_webmercator
   from (
     select id as cartodb_id, name, country, population, ST_SetSRID(ST_MakePoint(x, y), 4326) as the_geom
     from (values ${values.join(",")}) as v(id, name, country, population, x, y)
   ) as cities`
])

const style = "#layer { marker-width: 16; marker-fill: #f00; marker-line-width: 0; }"

export const layer = (sql = "select * from cities", cartocss = style) => ({
  id: "cities",
  type: "mapnik",
  options: {
    sql,
    cartocss,
    cartocss_version: "2.3.0",
    attributes: { id: "cartodb_id", columns: ["name", "population"] }
  }
})

export const map = (layers = [layer()]) => ({
  version: "1.8.0",
  layers,
  analyses: [{ id: "cities", type: "source", params: { query: "select * from cities" } }],
  dataviews: {
    people: { source: { id: "cities" }, type: "formula", options: { operation: "sum", column: "population" } },
    countries: { source: { id: "cities" }, type: "aggregation", options: { column: "country", aggregation: "count" } },
    sizes: { source: { id: "cities" }, type: "histogram", options: { column: "population" } }
  }
})

export const token = "open-sesame"

export const template = (name: string, members: object = {}) => ({
  version: "0.0.1",
  name,
  placeholders: { minimum: { type: "number", default: 0 }, color: { type: "css_color", default: "red" } },
  layergroup: map([
    layer("select * from cities where population > <%= minimum %>", "#layer { marker-fill: <%= color %>; }")
  ]),
  ...members
})

export const withToken = { auth: { method: "token", valid_tokens: [token] } }

export const json = (value: unknown): string => JSON.stringify(value)

/** What a server says that resolves ramps in CartoCSS: it knows line and column. */
export const refusedStyle = json({
  errors: ['Failed to process "marker-fill" property: Invalid method type'],
  errors_with_context: [
    {
      type: "layer",
      subtype: "turbo-carto",
      message: 'Failed to process "marker-fill" property: Invalid method type',
      layer: {
        id: "cities",
        index: 0,
        type: "cartodb",
        context: { selector: "#layer", source: { start: { line: 3, column: 5 }, end: { line: 3, column: 20 } } }
      }
    }
  ]
})
