/** `ramp([column], (values), (breaks), mapping)`: values by the value of a column. */
import type { Value } from "./evaluate.ts"
import type { Comparison, Filter } from "./Stylesheet.ts"

/** A value, and which features have it; all others without a filter. */
export interface Bucket {
  readonly value: Value
  readonly filter: Filter | undefined
}

const comparisons: Readonly<Record<string, Comparison>> = {
  ">": ">",
  ">=": ">=",
  "<": "<",
  "<=": "<=",
  "=": "=",
  "==": "="
}

const items = (value: Value | undefined): ReadonlyArray<Value> =>
  value?._tag === "List" ? value.items : value === undefined ? [] : [value]

const breakOf = (value: Value): number | string | undefined =>
  value._tag === "Number" ? value.value : value._tag === "Text" ? value.text : undefined

const told = (value: Value | undefined): string | undefined =>
  value?._tag === "Text" ? value.text : value?._tag === "Word" ? value.word : undefined

/** `undefined` for breaks that only the data can tell, such as `quantiles`. Texts are compared for equality unless told. */
export const ramp = ([column, values, breaks, mapping]: ReadonlyArray<Value>): ReadonlyArray<Bucket> | undefined => {
  if (column?._tag !== "Field" || breaks?._tag === "Word" || breaks?._tag === "Call") return undefined
  const limits = items(breaks).map(breakOf)
  const list = items(values)
  const { [told(mapping) ?? (limits.some((limit) => typeof limit === "string") ? "=" : ">")]: comparison } = comparisons
  if (comparison === undefined || limits.length === 0 || list.some(({ _tag }) => _tag === "Call")) return undefined
  const isUpward = comparison.startsWith(">")
  // Upwards the first value is for what is below all breaks, otherwise a value more than breaks is for all others.
  const others = isUpward ? list[0] : list[limits.length]
  const chosen = isUpward ? list.slice(1) : list.slice(0, limits.length)
  const buckets = chosen.flatMap((value, index): ReadonlyArray<Bucket> => {
    const { [index]: limit } = limits
    return limit === undefined ? [] : [{ value, filter: { key: { column: column.column }, comparison, value: limit } }]
  })
  // What passes several filters has the value that is told last: downwards the one of the lowest break.
  const ordered = comparison.startsWith("<") ? buckets.toReversed() : buckets
  return others === undefined ? ordered : [{ value: others, filter: undefined }, ...ordered]
}
