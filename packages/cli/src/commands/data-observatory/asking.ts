/** Commands that ask for something about one dataset, and have nothing to tell but that it is so. */

import type { CartoError } from "@effect-carto/core/CartoError"
import { DataObservatory } from "@effect-carto/core/DataObservatory"
import * as DataSubscription from "@effect-carto/core/DataSubscription"
import * as Effect from "effect/Effect"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"

const shape = Records.shape(["id"])

export const asking =
  (
    ask: (observatory: DataObservatory["Service"], id: DataSubscription.EntityId) => Effect.Effect<unknown, CartoError>,
    line: (id: string) => string
  ) =>
  ({ id }: { readonly id: string }) =>
    Records.changed(
      shape,
      withSession(
        DataObservatory.layer(),
        Effect.as(
          Effect.flatMap(DataObservatory, (observatory) => ask(observatory, DataSubscription.EntityId.make(id))),
          { id }
        )
      ),
      ({ id }) => line(id)
    )
