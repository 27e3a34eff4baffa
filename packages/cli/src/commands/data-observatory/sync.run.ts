/** The work of `carto data-observatory sync`. */
import { DataObservatory } from "@effect-carto/core/DataObservatory"
import * as DataSubscription from "@effect-carto/core/DataSubscription"
import * as Effect from "effect/Effect"
import * as Output from "../../Output.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { copy } from "./record.ts"

export const run = Effect.fnUntraced(function* ({ id }: { readonly id: string }) {
  const state = yield* withSession(
    DataObservatory.layer(),
    Effect.flatMap(DataObservatory, ({ sync }) => sync(DataSubscription.EntityId.make(id)))
  )
  yield* Output.note(`copied ${id}`)
  yield* Records.told(copy, state.sync_table == null ? [] : [state.sync_table], { ...state, id })
})
