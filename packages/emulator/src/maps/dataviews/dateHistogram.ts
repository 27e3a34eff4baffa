/** A histogram of instants by units of the calendar. */
import * as Effect from "effect/Effect"
import { quoteIdentifier } from "../../SqlText.ts"
import { finite } from "../json.ts"
import { badRequest } from "../MapsError.ts"
import { ask, column, type DataviewRequest } from "./DataviewRequest.ts"

interface Unit {
  readonly name: string
  /** In seconds: nominal where months are counted. */
  readonly width: number
  /** How many months it has, where it is counted in those. */
  readonly months?: number | undefined
}

const day = 86_400
const year = 365.25 * day

/** Shortest first. */
const units: ReadonlyArray<Unit> = [
  { name: "second", width: 1 },
  { name: "minute", width: 60 },
  { name: "hour", width: 3600 },
  { name: "day", width: day },
  { name: "week", width: 7 * day },
  { name: "month", width: 30 * day, months: 1 },
  { name: "quarter", width: 90 * day, months: 3 },
  { name: "year", width: year, months: 12 },
  { name: "decade", width: 10 * year, months: 120 },
  { name: "century", width: 100 * year, months: 1200 },
  { name: "millennium", width: 1000 * year, months: 12_000 }
]

const mostBins = 100

/** Months since the epoch, of local seconds. */
const monthOf = (seconds: number): number => {
  const date = new Date(seconds * 1000)
  return date.getUTCFullYear() * 12 + date.getUTCMonth()
}

/** How many units lie between the beginnings of two. */
const distance = ({ months, width }: Unit, from: number, to: number): number =>
  months === undefined ? Math.round((to - from) / width) : Math.round((monthOf(to) - monthOf(from)) / months)

/** What is left out of the servers' texts is the place of the wrong value. */
const wrongUnit = badRequest(
  `Invalid aggregation value. Valid ones: ${["auto", ...units.map(({ name }) => name)].join(", ")}`
)

/** The beginning of the unit in which an instant lies, in seconds of local time. */
const truncated = (unit: string, column: string, offset: number): string =>
  `extract(epoch FROM date_trunc('${unit}', (${column}::timestamptz AT TIME ZONE 'UTC') + interval '${offset} seconds'))::float8`

/** The shortest unit that makes no more than a hundred bins. */
const shortest = (first: number, last: number): Unit | undefined =>
  units.find((unit) => distance(unit, first, last) + 1 <= mostBins) ?? units.at(-1)

/** Bins begin where units of local time do; times are seconds since the epoch, in UTC. */
export const dateHistogram = Effect.fnUntraced(function* (request: DataviewRequest) {
  const { options } = request
  const name = quoteIdentifier(yield* column(request, "column"))
  const asked = String(request.text("aggregation") ?? options.aggregation)
  const offset = Math.ceil((request.number("offset") ?? finite(options.offset) ?? 0) / 3600) * 3600
  if (asked !== "auto" && units.every((unit) => unit.name !== asked)) return yield* wrongUnit
  const [start, end] = [request.number("start"), request.number("end")]
  const inside =
    start === undefined || end === undefined
      ? "true"
      : `(${name} IS NULL OR extract(epoch FROM ${name}) BETWEEN ${Math.min(start, end)} AND ${Math.max(start, end)})`
  const [span] = yield* ask(
    request,
    `SELECT extract(epoch FROM min(${name}))::float8 AS first, extract(epoch FROM max(${name}))::float8 AS last
    FROM ${request.from} WHERE ${inside}`
  )
  const [first, last] = [finite(span?.first), finite(span?.last)]
  const chosen = first === undefined || last === undefined ? undefined : shortest(first + offset, last + offset)
  const unit = asked === "auto" ? (chosen ?? units[0]) : units.find((unit) => unit.name === asked)
  if (unit === undefined) return yield* wrongUnit
  const rows = yield* ask(
    request,
    `SELECT ${truncated(unit.name, name, offset)} AS start, count(*) AS freq
    FROM ${request.from} WHERE ${inside} GROUP BY 1 ORDER BY 1 NULLS LAST`
  )
  const begin = finite(rows[0]?.start)
  const finish = rows.flatMap(({ start }) => finite(start) ?? []).at(-1)
  const bins = rows.map(({ freq, start }) => {
    const local = finite(start)
    if (local === undefined || begin === undefined) {
      return { bin: null, min: null, max: null, avg: null, freq, timestamp: null }
    }
    const timestamp = local - offset
    return { bin: distance(unit, begin, local), min: timestamp, max: timestamp, avg: timestamp, freq, timestamp }
  })
  if (begin === undefined || finish === undefined) {
    return { aggregation: unit.name, offset, nulls: bins[0]?.freq ?? 0, bins, type: "histogram" }
  }
  return {
    aggregation: unit.name,
    offset,
    timestamp_start: begin - offset,
    bin_width: unit.width,
    bins_count: distance(unit, begin, finish) + 1,
    bins_start: begin - offset,
    // The number of the first bin, whose instants are there; those without one are the last bin.
    nulls: 0,
    bins,
    type: "histogram"
  }
})
