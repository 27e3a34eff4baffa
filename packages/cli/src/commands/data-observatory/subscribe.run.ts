/** The work of `carto data-observatory subscribe`. */
import { DataObservatory } from "@effect-carto/core/DataObservatory"
import * as Effect from "effect/Effect"
import { confirmed } from "../../confirmed.ts"
import * as Output from "../../Output.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import * as Printed from "./record.ts"
import { read, type TermsInput } from "./terms.run.ts"

export const run = (input: TermsInput & { readonly yes: boolean }) =>
  Records.changed(
    Printed.terms,
    withSession(
      DataObservatory.layer(),
      Effect.gen(function* () {
        const terms = yield* read(input)
        yield* Output.note(`${terms.id}: ${Printed.inWords(terms)}`)
        yield* confirmed(`This subscribes to ${terms.id} on these terms, and may order it.`, input.yes)
        return yield* Effect.flatMap(DataObservatory, ({ subscribe }) => subscribe(terms))
      })
    ),
    ({ id }) => `subscribed to ${id}`
  )
