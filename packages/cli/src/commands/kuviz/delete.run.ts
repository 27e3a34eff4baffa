/** The work of `carto kuviz delete`. */
import { Kuviz } from "@effect-carto/core/Kuviz"
import * as Effect from "effect/Effect"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { find, shape } from "./record.ts"

export const run = ({ idOrName }: { readonly idOrName: string }) =>
  Records.changed(
    shape,
    withSession(
      Effect.gen(function* () {
        const kuviz = yield* Kuviz
        const page = yield* find(idOrName)
        yield* kuviz.delete(page.id)
        return page
      })
    ),
    ({ id, name }) => `deleted kuviz ${name} (${id})`
  )
