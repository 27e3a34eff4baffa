/** A histogram of numbers. A column of instants is read as seconds since the epoch. */
import * as Effect from "effect/Effect"
import { numeric } from "../filters.ts"
import { finite } from "../json.ts"
import { ask, column, type DataviewRequest, finiteOnly, strangeCounts } from "./DataviewRequest.ts"

interface Summary {
  readonly rows: number
  readonly min: number
  readonly max: number
  /** Between the quarters of the values. */
  readonly range: number
}

const minBins = 6
const maxBins = 48

/** As the servers count: their cube root of the number of rows is lost in a division of integers. */
const countBins = ({ max, min, range, rows }: Summary): number =>
  rows === 0 || range === 0
    ? 1
    : Math.max(Math.min(minBins, rows), Math.min(maxBins, Math.round((max - min) / (2 * range))))

/** Bins that are empty are left out; of no rows nothing is told of bins. */
export const histogram = Effect.fnUntraced(function* (request: DataviewRequest) {
  const name = yield* column(request, "column")
  const value = `(${numeric(name, request.types.get(name))})::float8`
  const [start, end] = [request.number("start"), request.number("end")]
  const limits = start === undefined || end === undefined ? undefined : [Math.min(start, end), Math.max(start, end)]
  const inside = limits === undefined ? "true" : `${value} BETWEEN ${limits[0]} AND ${limits[1]}`
  const shown = `${finiteOnly(request, name)} AND ${inside}`
  const [summary] = yield* ask(
    request,
    `SELECT count(value) AS rows, min(value), max(value), avg(value),
      percentile_disc(0.75) WITHIN GROUP (ORDER BY value) - percentile_disc(0.25) WITHIN GROUP (ORDER BY value) AS range,
      sum(nulls) AS nulls, sum(nans) AS nans, sum(infinities) AS infinities
    FROM (
      SELECT ${value} AS value, 0 AS nulls, 0 AS nans, 0 AS infinities FROM ${request.from} WHERE ${value} IS NOT NULL AND ${shown}
      UNION ALL
      SELECT NULL, count(*) FILTER (WHERE ${value} IS NULL), ${strangeCounts(request, name)} FROM ${request.from}
    ) AS _values`
  )
  const counts = {
    nulls: summary?.nulls ?? 0,
    infinities: summary?.infinities ?? 0,
    nans: summary?.nans ?? 0,
    avg: summary?.avg ?? 0
  }
  const [rows = 0, least, most] = [summary?.rows, summary?.min, summary?.max].map(finite)
  if (rows === 0 || least === undefined || most === undefined) return { ...counts, bins: [], type: "histogram" }
  const [min = least, max = most] = limits ?? []
  const range = finite(summary?.range) ?? 0
  const bins = Math.max(1, Math.trunc(request.number("bins") ?? countBins({ rows, min, max, range })))
  const width = (max - min) / bins
  const bin = width === 0 ? "0" : `least(floor((value - ${min}) / ${width}), ${bins - 1})::int`
  const list = yield* ask(
    request,
    `SELECT ${bin} AS bin, min(value) AS min, max(value) AS max, avg(value) AS avg, count(*) AS freq
    FROM (SELECT ${value} AS value FROM ${request.from} WHERE ${value} IS NOT NULL AND ${shown}) AS _values GROUP BY 1 ORDER BY 1`
  )
  return { bin_width: width, bins_count: bins, bins_start: min, ...counts, bins: list, type: "histogram" }
})
