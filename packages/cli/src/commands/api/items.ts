/** The items of a page, whatever its envelope (platform reference, §5). */
import type { Page } from "@effect-carto/core/Pages"
import * as Predicate from "effect/Predicate"
import type * as Schema from "effect/Schema"

/** A bare list, or the first list among the members beside their totals. */
export const itemsOf = (page: Schema.Json): Page<Schema.Json> => {
  if (isList(page)) return { items: page }
  if (!Predicate.isObject(page)) return { items: [page] }
  const items = Object.values(page).find(isList) ?? []
  // `total_entries` of some lists counts one page only: it then ends nothing too early, as pages are read until one is empty.
  const total = "total" in page ? page.total : "total_entries" in page ? page.total_entries : undefined
  return Predicate.isNumber(total) ? { items, total } : { items }
}

const isList = (value: unknown): value is ReadonlyArray<Schema.Json> => Array.isArray(value)
