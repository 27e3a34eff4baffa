/** Dataviews: summaries of a map's data, defined with the map and asked for one by one (Maps reference, §10). */
import * as Schema from "effect/Schema"
import { open } from "./internal/open.ts"

const Source = Schema.Struct({ id: Schema.String })

const Operation = Schema.Literals(["count", "avg", "sum", "min", "max"])
type Operation = typeof Operation.Type

const needsColumn = "a column, unless it counts"

/** One number. */
export const Formula = open({
  source: Source,
  type: Schema.Literal("formula"),
  options: open({ operation: Operation, column: Schema.optionalKey(Schema.String) }).check(
    Schema.makeFilter(({ column, operation }) => operation === "count" || column !== undefined, {
      expected: needsColumn
    })
  )
})

/** A number for each category, the largest first; the last may stand for all others. */
export const Aggregation = open({
  source: Source,
  type: Schema.Literal("aggregation"),
  options: open({
    column: Schema.String,
    aggregation: Operation,
    aggregationColumn: Schema.optionalKey(Schema.String)
  }).check(
    Schema.makeFilter(
      ({ aggregation, aggregationColumn }) => aggregation === "count" || aggregationColumn !== undefined,
      { expected: needsColumn }
    )
  )
})

export const TimeUnit = Schema.Literals([
  "auto",
  "second",
  "minute",
  "hour",
  "day",
  "week",
  "month",
  "quarter",
  "year",
  "decade",
  "century",
  "millennium"
])
export type TimeUnit = typeof TimeUnit.Type

/** How often values fall into each of many ranges. The server ignores `bins` here; ask for them with the request. */
export const Histogram = open({
  source: Source,
  type: Schema.Literal("histogram"),
  options: open({
    column: Schema.String,
    /** For a column of dates, which is read as seconds otherwise. */
    aggregation: Schema.optionalKey(TimeUnit),
    /** Of the calendar from UTC, in seconds. */
    offset: Schema.optionalKey(Schema.Finite)
  })
})

export const Dataview = Schema.Union([Formula, Aggregation, Histogram])
export type Dataview = typeof Dataview.Type

/** `source` is the id of an analysis of the map. */
export const formula = (source: string, operation: Operation, column?: string): Dataview => ({
  source: { id: source },
  type: "formula",
  options: { operation, ...(column === undefined ? {} : { column }) }
})

/** Counts the rows of each category, or computes of `of`. */
export const aggregation = (
  source: string,
  column: string,
  of?: { readonly operation: Operation; readonly column: string }
): Dataview => ({
  source: { id: source },
  type: "aggregation",
  options:
    of === undefined
      ? { column, aggregation: "count" }
      : { column, aggregation: of.operation, aggregationColumn: of.column }
})

export const histogram = (
  source: string,
  column: string,
  options: { readonly aggregation?: TimeUnit; readonly offset?: number } = {}
): Dataview => ({ source: { id: source }, type: "histogram", options: { column, ...options } })
