/** Looks into JSON whose shape only its sender knows. */
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"

/** An object of unknown members. */
export type JsonObject = Readonly<Record<string, unknown>>

/** Neither null nor an array. */
export const isJsonObject = (value: unknown): value is JsonObject => Predicate.isObject(value)

/** A member, or `undefined` where there is no object. */
export const member = (value: unknown, name: string): unknown => (isJsonObject(value) ? value[name] : undefined)

/** The members of an object; none of anything else. */
export const members = (value: unknown): JsonObject => (isJsonObject(value) ? value : {})

/** The elements of an array; none of anything else. */
export const elements = (value: unknown): ReadonlyArray<unknown> => (Array.isArray(value) ? value : [])

/** A number, also one written as text; `undefined` for everything else. */
export const finite = (value: unknown): number | undefined => {
  const number = Predicate.isNumber(value)
    ? value
    : Predicate.isString(value) && value.trim() !== ""
      ? Number(value)
      : NaN
  return Number.isFinite(number) ? number : undefined
}

// Newer parsers also tell line and column.
const withoutPlace = (error: unknown): string => String(error).replace(/ \(line \d+ column \d+\)$/, "")

/** Parsed text; fails with the parser's own words. */
export const parseJson = (text: string): Result.Result<unknown, string> =>
  Result.try({ try: (): unknown => JSON.parse(text), catch: withoutPlace })

/** Parsed text, or `undefined` where it is not JSON. */
export const parse = (text: string): unknown => Result.getOrElse(parseJson(text), () => undefined)
