/** A formula: one number out of a column. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { quoteIdentifier } from "../../SqlText.ts"
import { badRequest } from "../MapsError.ts"
import { ask, column, type DataviewRequest, finiteOnly, isFloat, strangeCounts } from "./DataviewRequest.ts"

const operations = new Set(["count", "avg", "sum", "min", "max"])

/** Of nothing the result is null, but for a count; the number of nulls is null then. */
export const formula = Effect.fnUntraced(function* (request: DataviewRequest) {
  const operation = String(request.options.operation)
  if (!operations.has(operation)) return yield* badRequest(`Formula does not support '${operation}' operation`)
  const name =
    operation === "count" && !Predicate.isString(request.options.column) ? "" : yield* column(request, "column")
  const quoted = quoteIdentifier(name)
  const counts = operation === "count"
  const value = counts ? "count(1)" : `${operation}(${quoted}) FILTER (WHERE ${finiteOnly(request, name)})`
  const nulls = counts && name === "" ? "CASE count(1) WHEN 0 THEN NULL ELSE 0 END" : `sum((${quoted} IS NULL)::int)`
  const [row] = yield* ask(
    request,
    `SELECT ${value} AS result, ${nulls} AS nulls, ${strangeCounts(request, name)} FROM ${request.from}`
  )
  return {
    operation,
    result: row?.result ?? null,
    nulls: row?.nulls ?? null,
    ...(isFloat(request, name) ? { nans: row?.nans, infinities: row?.infinities } : {}),
    type: "formula"
  }
})

/** What the servers answer when a formula is searched in: a formula of nothing. */
export const searchFormula = ({ options }: DataviewRequest) =>
  Effect.succeed({ operation: options.operation, result: 0, nulls: 0 })
