/** The work of `carto data-observatory token`. */
import { DataObservatory } from "@effect-carto/core/DataObservatory"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import { failure } from "../../CommandError.ts"
import * as Output from "../../Output.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"

const shape = Records.shape([
  "access_token",
  "bq_public_project",
  "gcp_execution_project",
  "bq_project",
  "bq_dataset",
  "gcs_bucket",
  "instant_licensing"
])

/** The token itself, on one line. */
export const run = Effect.fnUntraced(function* () {
  const read = withSession(
    DataObservatory.layer(),
    Effect.flatMap(DataObservatory, ({ token }) => token)
  )
  if (yield* Records.isJson) {
    return yield* Records.one(
      shape,
      Effect.map(read, ({ access_token, ...rest }) => ({ ...rest, access_token: shown(access_token) }))
    )
  }
  const token = shown((yield* read).access_token)
  yield* token === undefined ? failure("The server gave no token.") : Output.lines([token])
})

const shown = (token: Redacted.Redacted | null | undefined) => (token == null ? undefined : Redacted.value(token))
