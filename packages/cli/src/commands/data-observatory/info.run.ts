/** The work of `carto data-observatory info`. */
import { DataObservatory } from "@effect-carto/core/DataObservatory"
import * as DataSubscription from "@effect-carto/core/DataSubscription"
import * as Effect from "effect/Effect"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"

const shape = Records.shape(["id", "estimated_size", "estimated_row_count", "estimated_columns_count", "num_bytes"])

export const run = ({ id }: { readonly id: string }) =>
  Records.one(
    shape,
    withSession(
      DataObservatory.layer(),
      Effect.map(
        Effect.flatMap(DataObservatory, ({ entityInfo }) => entityInfo(DataSubscription.EntityId.make(id))),
        (info) => ({ ...info, id })
      )
    )
  )
