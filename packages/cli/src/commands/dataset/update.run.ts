/** The work of `carto dataset update`. */
import { Datasets } from "@effect-carto/core/Datasets"
import * as Effect from "effect/Effect"
import { anotherName } from "../../anotherName.ts"
import { datasets } from "../../datasetServices.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { type ChangeFlags, changes, some } from "../../visualizationChanges.ts"
import { found } from "./found.ts"
import { record, shape } from "./record.ts"

export const run = Effect.fnUntraced(function* (input: ChangeFlags & { readonly idOrName: string }) {
  const wanted = yield* some(changes(input))
  yield* Records.changed(
    shape,
    withSession(
      datasets,
      Effect.map(
        found(input.idOrName)(Effect.flatMap(Datasets, ({ update }) => update(input.idOrName, wanted))),
        record
      )
    ),
    ({ id, name }) => `changed dataset ${name} (${id})${anotherName(wanted.name, name)}`
  )
})
