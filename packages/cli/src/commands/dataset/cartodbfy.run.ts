/** The work of `carto dataset cartodbfy`. */
import { Datasets } from "@effect-carto/core/Datasets"
import * as Effect from "effect/Effect"
import { datasets } from "../../datasetServices.ts"
import { missingTable } from "../../missingTable.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { record, shape } from "./record.ts"

export const run = ({ name }: { readonly name: string }) =>
  Records.changed(
    shape,
    withSession(
      datasets,
      Effect.flatMap(Datasets, ({ cartodbfy }) => cartodbfy(name)).pipe(
        Effect.map(record),
        Effect.mapError(missingTable)
      )
    ),
    ({ id, name, url }) => `${name} is a dataset (${url ?? id})`
  )
