/** The work of `carto kuviz create`. */
import { Kuviz } from "@effect-carto/core/Kuviz"
import * as Effect from "effect/Effect"
import { usage } from "../../CommandError.ts"
import * as Output from "../../Output.ts"
import type { PasswordInput } from "../../passwordFlags.ts"
import * as Records from "../../Records.ts"
import { optionalPassword } from "../../secretInput.ts"
import { withSession } from "../../session.ts"
import { html, shape } from "./record.ts"

export interface CreateInput extends PasswordInput {
  readonly name: string
  readonly file: string
  readonly replace: boolean
}

export const run = Effect.fnUntraced(function* (input: CreateInput) {
  const { file, name, passwordStdin, replace } = input
  if (file === "-" && passwordStdin) {
    return yield* usage("Standard input cannot be both the page and the password.", "Give the page as a file.")
  }
  const document = yield* html(file)
  const password = yield* optionalPassword(input)
  const made = yield* withSession(
    Kuviz.layer(),
    Effect.flatMap(Kuviz, ({ create }) => create(name, document, { password, ifExists: replace ? "replace" : "fail" }))
  )
  yield* Output.note(`created kuviz ${made.name} (${made.id}), ${made.privacy}`)
  yield* Records.told(shape, [made.url], made)
})
