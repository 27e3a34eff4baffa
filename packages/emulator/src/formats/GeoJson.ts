/** `format=geojson`: every row a feature of column `the_geom`, all others its properties. */
import { asSubquery } from "../SqlText.ts"
import { encodeTextWithError, type Format, type FormatOptions, type TextWriter } from "./Format.ts"
import * as Rows from "./Rows.ts"

/** The client's rows with `the_geom` as GeoJSON behind all columns; takes a SELECT only. */
export const geoJsonStatement = (sql: string, { dp }: FormatOptions): string =>
  `SELECT *, ST_AsGeoJSON(the_geom, ${dp}) AS the_geom FROM (${asSubquery(sql)}) AS foo`

/** Plans a result set of `geoJsonStatement`: cells in, a feature's JSON text out. */
export const features = ({ catalog, skip }: FormatOptions) => {
  const hidden = new Set([...skip, "the_geom", "the_geom_webmercator"])
  let rows = Rows.make(catalog, [], hidden)
  return {
    describe: (fields: Parameters<typeof Rows.make>[1]) => {
      rows = Rows.make(catalog, fields, hidden)
    },
    toJson: (cells: ReadonlyArray<string | null>): string =>
      `{"type":"Feature","geometry":${cells.at(-1) ?? "null"},"properties":${rows.toJson(cells)}}`
  }
}

const makeWriter = (options: FormatOptions): TextWriter => {
  const rows = features(options)
  let started = false
  const start = `{"type": "FeatureCollection", "features": [`
  return {
    write: (message) => {
      if (message._tag === "RowDescription") rows.describe(message.fields)
      if (message._tag !== "DataRow") return ""
      const prefix = started ? "," : start
      started = true
      return prefix + rows.toJson(message.cells)
    },
    end: (error) =>
      `${started ? "" : start}]${error === undefined ? "" : `,"error":${JSON.stringify([error.message])}`}}`
  }
}

/** No metadata; an empty set is an empty FeatureCollection. */
export const GeoJson: Format = {
  extension: "geojson",
  contentType: "application/json; charset=utf-8",
  jsonp: true,
  whole: false,
  statement: geoJsonStatement,
  encode: (messages, options) => encodeTextWithError(messages, () => makeWriter(options))
}
