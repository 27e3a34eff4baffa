/** What a refusal of the Maps API means: its statuses are guesses from words, so that the words decide (Maps reference, §3.2). */
import {
  AuthError,
  type CartoErrorReason,
  MapError,
  NotFoundError,
  QuotaError,
  StatementTimeoutError
} from "../CartoError.ts"
import type { MapProblem } from "../MapProblem.ts"

/** `undefined` for what has the same meaning in every API. */
export const toMapReason = (
  said: { readonly status: number; readonly message: string },
  problems: ReadonlyArray<MapProblem>
): CartoErrorReason | undefined => {
  const { message, status } = said
  const has = (key: "type" | "subtype", word: string) => problems.some((problem) => problem[key] === word)
  switch (status) {
    case 400:
      return new MapError({ ...said, problems })
    case 401:
    case 403:
      return new AuthError({ ...said, ...hint(message) })
    case 404:
      return isOfStatement.test(message) || problems.some(({ analysis, layer }) => (layer ?? analysis) !== undefined)
        ? new MapError({ ...said, problems })
        : new NotFoundError(said)
    case 409:
      return new QuotaError(said)
    case 429:
      if (has("subtype", "datasource")) return new StatementTimeoutError(said)
      return has("subtype", "render") || has("subtype", "render-capacity")
        ? new MapError({ ...said, problems })
        : undefined
    default:
      return undefined
  }
}

/** A table or column that SQL names wrongly is told as a 404, also where the server does not say of which layer. */
const isOfStatement = /\b(relation|column|schema|type|operator) .*does not exist/

const hints: ReadonlyArray<readonly [RegExp, string]> = [
  [/^Only authenticated users can/, "Templates of named maps need the master key of the account."],
  [/^Unauthorized .*template instantiation$/, "Give one of the template's tokens; no key stands in for it."],
  [
    /^Sorry, you are unauthorized/,
    "Give a token that was valid when the map was instantiated; instantiate it again after the template changed."
  ]
]

const hint = (message: string) => {
  const found = hints.find(([pattern]) => pattern.test(message))?.[1]
  return found === undefined ? {} : { hint: found }
}
