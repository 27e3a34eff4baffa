/** `format=svg`: column `the_geom` drawn into a box of 1024 by 768. */
import { asSubquery } from "../SqlText.ts"
import { encodeTextWithError, type Format, type FormatOptions, type TextWriter } from "./Format.ts"

const width = 1024
const height = 768
const radius = 5
const margin = radius + 1

// The extent of all rows comes with each of them, because the frame stands before the first shape.
const statement = (sql: string, { dp }: FormatOptions): string => `
  WITH source AS (${asSubquery(sql)}),
  extent AS (SELECT ST_Extent(the_geom) AS box FROM source),
  frame AS (SELECT box, ST_XMin(box) AS x0, ST_YMax(box) AS y0,
    COALESCE(LEAST(${width} / NULLIF(ST_XMax(box) - ST_XMin(box), 0), ${height} / NULLIF(ST_YMax(box) - ST_YMin(box), 0)), 1) AS scale
    FROM extent)
  SELECT
    ST_Dimension(the_geom) AS dimension,
    ST_AsSVG(ST_TransScale(the_geom, -x0, -y0, scale, scale), 0, ${dp}) AS shape,
    ST_XMax(box) * scale - x0 * scale AS width,
    y0 * scale - ST_YMin(box) * scale AS height
  FROM source, frame WHERE the_geom IS NOT NULL ORDER BY dimension`

const head = (boxWidth: number, boxHeight: number): string =>
  `<?xml version="1.0" standalone="no"?>
<!DOCTYPE svg PUBLIC "-//W3C//DTD SVG 1.1//EN" "http://www.w3.org/Graphics/SVG/1.1/DTD/svg11.dtd">
<svg viewBox="${-margin} ${-margin} ${boxWidth + 2 * margin} ${boxHeight + 2 * margin}" style="fill-opacity:0.5; stroke:black; stroke-width:1; fill:none" xmlns="http://www.w3.org/2000/svg" version="1.1">
`

const shape = (dimension: string, path: string): string => {
  if (dimension === "0") return `<circle r="${radius}" ${path} />\n`
  return dimension === "1" ? `<path d="${path}" />\n` : `<path style="fill:blue" d="${path}" />\n`
}

const makeWriter = (): TextWriter => {
  let started = false
  return {
    write: (message) => {
      if (message._tag !== "DataRow") return ""
      const [dimension, path, boxWidth, boxHeight] = message.cells
      const prefix = started ? "" : head(Number(boxWidth ?? 0), Number(boxHeight ?? 0))
      started = true
      return dimension && path ? prefix + shape(dimension, path) : prefix
    },
    end: () => `${started ? "" : head(width, height)}</svg>\n`
  }
}

/** Points are circles, lines and areas are paths; rows without geometry are not drawn. */
export const Svg: Format = {
  extension: "svg",
  contentType: "image/svg+xml; charset=utf-8",
  jsonp: false,
  whole: false,
  statement,
  encode: (messages) => encodeTextWithError(messages, makeWriter)
}
