/** The work of `carto data-observatory sync-status`. */
import { DataObservatory } from "@effect-carto/core/DataObservatory"
import * as DataSubscription from "@effect-carto/core/DataSubscription"
import * as Effect from "effect/Effect"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { copy } from "./record.ts"

export const run = ({ id }: { readonly id: string }) =>
  Records.one(
    copy,
    withSession(
      DataObservatory.layer(),
      Effect.map(
        Effect.flatMap(DataObservatory, ({ syncState }) => syncState(DataSubscription.EntityId.make(id))),
        (state) => ({ ...state, id })
      )
    )
  )
