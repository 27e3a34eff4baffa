/** The work of `carto kuviz delete`. */
import { Kuviz } from "@effect-carto/core/Kuviz"
import * as Effect from "effect/Effect"
import { confirmed } from "../../confirmed.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { find, shape } from "./record.ts"

export const run = ({ idOrName, yes }: { readonly idOrName: string; readonly yes: boolean }) =>
  Records.changed(
    shape,
    Effect.andThen(
      confirmed(`This deletes the page ${idOrName} for good.`, yes),
      withSession(
        Kuviz.layer(),
        Effect.gen(function* () {
          const kuviz = yield* Kuviz
          const page = yield* find(idOrName)
          yield* kuviz.delete(page.id)
          return page
        })
      )
    ),
    ({ id, name }) => `deleted kuviz ${name} (${id})`
  )
