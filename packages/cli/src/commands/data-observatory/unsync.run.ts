/** The work of `carto data-observatory unsync`. */
import { DataObservatory } from "@effect-carto/core/DataObservatory"
import * as DataSubscription from "@effect-carto/core/DataSubscription"
import * as Effect from "effect/Effect"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"

const shape = Records.shape(["id"])

export const run = ({ id }: { readonly id: string }) =>
  Records.changed(
    shape,
    withSession(
      Effect.as(
        Effect.flatMap(DataObservatory, ({ unsync }) => unsync(DataSubscription.EntityId.make(id))),
        { id }
      )
    ),
    ({ id }) => `ended the copying of ${id}`
  )
