/** The work of `carto auth status`. */
import * as Account from "@effect-carto/core/Account"
import type { CartoError } from "@effect-carto/core/CartoError"
import { Sql } from "@effect-carto/core/Sql"
import * as Effect from "effect/Effect"
import type * as Option from "effect/Option"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import { type Credentials, credentials } from "../../Credentials.ts"
import type { DryRun } from "../../DryRun.ts"
import type { RowFormat } from "../../format/rowFormats.ts"
import * as Records from "../../Records.ts"
import { withAccount } from "../../session.ts"

const shape = Records.shape(["source", "user", "organization", "address", "key"])

/** Prints what it found in any case, and fails as the check of the key did. */
export const run = Effect.fnUntraced(function* (input: { readonly format: Option.Option<RowFormat> }) {
  const chosen = yield* credentials
  const account = yield* Effect.fromResult(Account.parse(chosen.url, { organization: chosen.organization }))
  const check = yield* Effect.result(
    withAccount(
      chosen,
      Sql.layer(),
      Effect.flatMap(Sql, (sql) => sql.query()`select 1 as works`)
    )
  )
  const record = {
    source: chosen.source,
    user: account.user,
    organization: account.organization,
    address: account.baseUrl,
    key: verdict(chosen, check)
  }
  yield* Records.list(shape, Stream.make(record), input.format)
  if (Result.isFailure(check)) return yield* check.failure
})

const verdict = ({ apiKey }: Credentials, check: Result.Result<unknown, CartoError | DryRun>): string => {
  if (Result.isSuccess(check)) return apiKey === undefined ? "none, public data only" : "works"
  return check.failure._tag === "CartoError" && check.failure.reason._tag === "AuthError"
    ? "refused"
    : "could not be checked"
}
