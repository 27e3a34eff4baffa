/** The forms in which the platform writes an instant (platform reference, §3). */
import * as Predicate from "effect/Predicate"

/** `2018-11-05T13:29:52.197Z` */
export const iso = (millis: number): string => new Date(millis).toISOString()

const isInstant = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/

const plain = (name: string, value: unknown): unknown =>
  Predicate.isString(value) && name.endsWith("_at") && isInstant.test(value)
    ? `${value.slice(0, 10)} ${value.slice(11, 19)} UTC`
    : stringified(value)

/** The same with every instant as `2018-11-05 13:29:52 UTC`: what the detail of `viz` makes of the objects of the list. */
export const stringified = (value: unknown): unknown => {
  if (Array.isArray(value)) return value.map(stringified)
  if (!Predicate.isObject(value)) return value
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, plain(name, inner)]))
}
