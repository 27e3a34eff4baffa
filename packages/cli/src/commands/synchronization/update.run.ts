/** The work of `carto synchronization update`. */
import { Synchronizations } from "@effect-carto/core/Synchronizations"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Quantity from "../../format/Quantity.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { find } from "./find.ts"
import { record, shape } from "./record.ts"

export const run = (input: { readonly idOrName: string; readonly interval: Duration.Duration }) =>
  Records.changed(
    shape,
    withSession(
      Synchronizations.layer(),
      Effect.gen(function* () {
        const synchronizations = yield* Synchronizations
        const { id } = yield* find(input.idOrName)
        return yield* record(yield* synchronizations.update(id, { interval: input.interval }))
      })
    ),
    ({ id, interval }) => `synchronization ${id} runs every ${Quantity.duration(Duration.seconds(interval))}`
  )
