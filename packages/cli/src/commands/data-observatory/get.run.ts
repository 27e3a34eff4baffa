/** The work of `carto data-observatory get`. */
import { DataObservatory } from "@effect-carto/core/DataObservatory"
import * as DataSubscription from "@effect-carto/core/DataSubscription"
import * as Effect from "effect/Effect"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { subscription } from "./record.ts"

export const run = ({ id }: { readonly id: string }) =>
  Records.one(
    subscription,
    withSession(
      DataObservatory.layer(),
      Effect.flatMap(DataObservatory, (observatory) => observatory.subscription(DataSubscription.EntityId.make(id)))
    )
  )
