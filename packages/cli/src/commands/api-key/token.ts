/** The one place where a token is printed: alone on a line of standard output, or as the member that `--json` names. */
import type { ApiKey } from "@effect-carto/core/ApiKey"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Output from "../../Output.ts"
import * as Records from "../../Records.ts"
import { recordWithToken, withToken } from "./record.ts"

/** Nothing is asked of the server, nor changed, when `--json` names a member that does not exist. */
export const printToken = Effect.fnUntraced(function* <E, R>(key: Effect.Effect<ApiKey, E, R>) {
  yield* (yield* Records.isJson)
    ? Records.one(withToken, Effect.map(key, recordWithToken))
    : Effect.flatMap(key, ({ token }) => Output.lines([Redacted.value(token)]))
})
