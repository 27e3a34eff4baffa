/** The work of `carto dataset get`. */
import { Datasets } from "@effect-carto/core/Datasets"
import * as Effect from "effect/Effect"
import { datasets } from "../../datasetServices.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { found } from "./found.ts"
import { record, shape } from "./record.ts"

export const run = ({ idOrName }: { readonly idOrName: string }) =>
  Records.one(
    shape,
    withSession(
      datasets,
      Effect.map(
        found(idOrName)(Effect.flatMap(Datasets, ({ get }) => get(idOrName, { include: ["permission"] }))),
        record
      )
    )
  )
