/** The work of `carto synchronization delete`. */
import { Synchronizations } from "@effect-carto/core/Synchronizations"
import * as Effect from "effect/Effect"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { find } from "./find.ts"
import { record, shape } from "./record.ts"

export const run = ({ idOrName }: { readonly idOrName: string }) =>
  Records.changed(
    shape,
    withSession(
      Synchronizations.layer(),
      Effect.gen(function* () {
        const synchronizations = yield* Synchronizations
        const found = yield* find(idOrName)
        yield* synchronizations.delete(found.id)
        return yield* record(found)
      })
    ),
    ({ id }) => `deleted synchronization ${id}`
  )
