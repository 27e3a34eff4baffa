/** The work of `carto data-observatory access`. */
import { DataObservatory } from "@effect-carto/core/DataObservatory"
import * as DataSubscription from "@effect-carto/core/DataSubscription"
import * as Arr from "effect/Array"
import * as Effect from "effect/Effect"
import { usage } from "../../CommandError.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { subscription } from "./record.ts"

export interface AccessInput {
  readonly id: string
  readonly clouds: ReadonlyArray<"bq" | "azure" | "aws">
}

export const run = ({ clouds, id }: AccessInput) =>
  Records.changed(
    subscription,
    Effect.gen(function* () {
      if (!Arr.isReadonlyArrayNonEmpty(clouds)) return yield* usage("Say where with --cloud.")
      return yield* withSession(
        DataObservatory.layer(),
        Effect.flatMap(DataObservatory, ({ requestAccess }) =>
          requestAccess(DataSubscription.EntityId.make(id), clouds)
        )
      )
    }),
    ({ id }) => `asked for ${id} in ${clouds.join(", ")}`
  )
