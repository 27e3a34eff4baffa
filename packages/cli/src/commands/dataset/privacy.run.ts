/** The work of `carto dataset privacy`. */
import { Datasets } from "@effect-carto/core/Datasets"
import * as Effect from "effect/Effect"
import { datasets } from "../../datasetServices.ts"
import { privacies } from "../../privacies.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { found } from "./found.ts"
import { record, shape } from "./record.ts"

export const run = (input: { readonly idOrName: string; readonly privacy: "public" | "link" | "private" }) =>
  Records.changed(
    shape,
    withSession(
      datasets,
      Effect.map(
        found(input.idOrName)(
          Effect.flatMap(Datasets, ({ update }) => update(input.idOrName, { privacy: privacies[input.privacy] }))
        ),
        record
      )
    ),
    // As the server says that it is now.
    ({ id, name, privacy }) => `dataset ${name} is ${privacy.toLowerCase()} (${id})`
  )
