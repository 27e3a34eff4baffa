/** The work of `carto dataset copy`. */
import { Datasets } from "@effect-carto/core/Datasets"
import * as Effect from "effect/Effect"
import { anotherName } from "../../anotherName.ts"
import { datasets } from "../../datasetServices.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { found } from "./found.ts"
import { record, shape } from "./record.ts"

export const run = ({ idOrName, newName }: { readonly idOrName: string; readonly newName: string }) =>
  Records.changed(
    shape,
    withSession(
      datasets,
      Effect.map(found(idOrName)(Effect.flatMap(Datasets, ({ copy }) => copy(idOrName, newName))), record)
    ),
    ({ id, name }) => `copied ${idOrName} to dataset ${name} (${id})${anotherName(newName, name)}`
  )
