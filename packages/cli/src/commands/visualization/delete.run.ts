/** The work of `carto visualization delete`. */
import { Visualizations } from "@effect-carto/core/Visualizations"
import * as Effect from "effect/Effect"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { record, shape } from "./record.ts"

export const run = ({ idOrName }: { readonly idOrName: string }) =>
  Records.changed(
    shape,
    withSession(
      Effect.gen(function* () {
        const maps = yield* Visualizations
        const map = yield* maps.get(idOrName)
        yield* maps.delete(map.id)
        return record(map)
      })
    ),
    ({ id, name }) => `deleted map ${name} (${id})`
  )
