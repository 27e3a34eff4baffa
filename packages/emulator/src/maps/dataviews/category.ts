/** The dataview `aggregation`: a number for each category, largest first. */
import * as Effect from "effect/Effect"
import { quoteIdentifier, quoteLiteral } from "../../SqlText.ts"
import { badRequest } from "../MapsError.ts"
import { ask, column, type DataviewRequest, finiteOnly, strangeCounts } from "./DataviewRequest.ts"

const functions = new Set(["count", "sum", "avg", "min", "max"])
const defaultSlots = 6

interface Plan {
  readonly aggregation: string
  readonly category: string
  /** The column that is aggregated; of a count the category itself. */
  readonly aggregated: string
  /** The value of a category. */
  readonly value: string
  /** How the categories without a slot of their own become one value. */
  readonly rest: string
}

const readPlan = Effect.fnUntraced(function* (request: DataviewRequest) {
  const category = yield* column(request, "column")
  const aggregation = String(request.options.aggregation ?? "count")
  if (!functions.has(aggregation)) return yield* badRequest(`Aggregation does not support '${aggregation}' operation`)
  const counts = aggregation === "count"
  const aggregated = counts ? category : yield* column(request, "aggregationColumn")
  const quoted = quoteIdentifier(aggregated)
  const plan: Plan = {
    aggregation,
    category: quoteIdentifier(category),
    aggregated,
    value: counts ? "count(1)" : `${aggregation}(${quoted}) FILTER (WHERE ${finiteOnly(request, aggregated)})`,
    rest: counts ? "sum" : aggregation
  }
  return plan
})

/** A count leaves out rows without a category, every other function categories without a value. */
const isShown = ({ aggregation }: Plan): string =>
  aggregation === "count" ? "category IS NOT NULL" : "value IS NOT NULL"

const statement = (request: DataviewRequest, plan: Plan, slots: number): string => `
  WITH _all AS (SELECT * FROM ${request.from}),
  _categories AS (SELECT ${plan.category} AS category, ${plan.value} AS value FROM _all GROUP BY 1),
  _ranked AS (
    SELECT category, value, row_number() OVER (ORDER BY value DESC NULLS LAST, category) AS rank
    FROM _categories ${request.ownFilter ? "" : `WHERE ${isShown(plan)}`}),
  _summary AS (
    SELECT count(1) AS count, count(1) FILTER (WHERE ${plan.category} IS NULL) AS nulls,
      ${plan.aggregation === "count" ? "0 AS nans, 0 AS infinities" : strangeCounts(request, plan.aggregated)},
      (SELECT min(value) FROM _categories) AS min, (SELECT max(value) FROM _categories) AS max,
      (SELECT count(1) FROM _categories) AS categories_count,
      (SELECT ${plan.rest}(value) FROM _ranked WHERE rank >= ${slots}) AS rest,
      (SELECT count(1) FROM _ranked WHERE rank >= ${slots}) AS rest_count
    FROM _all)
  SELECT _summary.*, category, value, rank FROM _summary LEFT JOIN _ranked ON rank < ${slots} ORDER BY rank`

/** The first categories, and all others as one, whose category is `Other` and whose `agg` is true. */
export const category = Effect.fnUntraced(function* (request: DataviewRequest) {
  const plan = yield* readPlan(request)
  const asked = Math.trunc(request.number("categories") ?? defaultSlots)
  const slots = request.ownFilter ? Number.MAX_SAFE_INTEGER : Math.max(1, asked)
  const rows = yield* ask(request, statement(request, plan, slots))
  const [summary] = rows
  const own = rows.filter(({ rank }) => rank !== null).map(({ category, value }) => ({ category, value, agg: false }))
  const others = Number(summary?.rest_count) > 0 ? [{ category: "Other", value: summary?.rest, agg: true }] : []
  return {
    aggregation: plan.aggregation,
    count: summary?.count ?? 0,
    nulls: summary?.nulls ?? 0,
    nans: summary?.nans ?? 0,
    infinities: summary?.infinities ?? 0,
    min: summary?.min ?? 0,
    max: summary?.max ?? 0,
    categoriesCount: summary?.categories_count ?? 0,
    categories: [...own, ...others],
    type: "aggregation"
  }
})

/** All categories in which a text stands, in whatever case. */
export const searchCategory = Effect.fnUntraced(function* (request: DataviewRequest) {
  const plan = yield* readPlan(request)
  const text = quoteLiteral(request.text("q") ?? "undefined")
  const categories = yield* ask(
    request,
    `SELECT ${plan.category} AS category, ${plan.value} AS value FROM ${request.from}
      WHERE position(lower(${text}) IN lower(${plan.category}::text)) > 0
      GROUP BY 1 ORDER BY 2 DESC NULLS LAST, 1`
  )
  return { type: "aggregation", categories }
})
