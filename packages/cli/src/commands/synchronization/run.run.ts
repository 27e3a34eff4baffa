/** The work of `carto synchronization run`. */
import { Synchronizations } from "@effect-carto/core/Synchronizations"
import * as Effect from "effect/Effect"
import { failure } from "../../CommandError.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { find } from "./find.ts"
import { follow } from "./follow.ts"
import { record, shape } from "./record.ts"

export const run = Effect.fnUntraced(function* (input: { readonly idOrName: string; readonly wait: boolean }) {
  const work = Effect.gen(function* () {
    const synchronizations = yield* Synchronizations
    const { id } = yield* find(input.idOrName)
    const { enqueued } = yield* synchronizations.runNow(id)
    if (!enqueued) {
      return yield* failure(
        "The server does not take the run.",
        "One is under way, the last one began less than 15 minutes ago, or three others run: try again later."
      )
    }
    return yield* record(yield* input.wait ? follow(input.idOrName, id) : synchronizations.get(id))
  })
  yield* Records.changed(
    shape,
    withSession(Synchronizations.layer(), work),
    ({ id, state }) => `synchronization ${id} ${state}`
  )
})
