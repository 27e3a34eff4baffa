/** A list: some columns of all rows. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { quoteIdentifier } from "../../SqlText.ts"
import { elements } from "../json.ts"
import { badRequest } from "../MapsError.ts"
import { ask, type DataviewRequest } from "./DataviewRequest.ts"

/** The columns of the option `columns`, in the order of the query. */
export const list = Effect.fnUntraced(function* (request: DataviewRequest) {
  const columns = elements(request.options.columns).filter(Predicate.isString)
  if (columns.length === 0) return yield* badRequest('List expects "columns" array in widget options')
  const rows = yield* ask(request, `SELECT ${columns.map(quoteIdentifier).join(", ")} FROM ${request.from}`)
  return { rows, type: "list" }
})
