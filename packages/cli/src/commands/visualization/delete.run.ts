/** The work of `carto visualization delete`. */
import { Visualizations } from "@effect-carto/core/Visualizations"
import * as Effect from "effect/Effect"
import { confirmed } from "../../confirmed.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { record, shape } from "./record.ts"

export const run = ({ idOrName, yes }: { readonly idOrName: string; readonly yes: boolean }) =>
  Records.changed(
    shape,
    Effect.andThen(
      confirmed(`This deletes the map ${idOrName} for good.`, yes),
      withSession(
        Visualizations.layer(),
        Effect.gen(function* () {
          const maps = yield* Visualizations
          const map = yield* maps.get(idOrName)
          yield* maps.delete(map.id)
          return record(map)
        })
      )
    ),
    ({ id, name }) => `deleted map ${name} (${id})`
  )
