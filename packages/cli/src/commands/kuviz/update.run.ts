/** The work of `carto kuviz update`. */
import { Kuviz } from "@effect-carto/core/Kuviz"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { usage } from "../../CommandError.ts"
import type { PasswordInput } from "../../passwordFlags.ts"
import * as Records from "../../Records.ts"
import { optionalPassword } from "../../secretInput.ts"
import { withSession } from "../../session.ts"
import { find, html, shape } from "./record.ts"

export interface UpdateInput extends PasswordInput {
  readonly idOrName: string
  readonly name: Option.Option<string>
  readonly file: Option.Option<string>
  readonly public: boolean
  readonly replace: boolean
}

export const run = (input: UpdateInput) =>
  Records.changed(shape, change(input), ({ id, name, privacy }) => `updated kuviz ${name} (${id}), ${privacy}`)

const change = Effect.fnUntraced(function* (input: UpdateInput) {
  const hasPassword = input.passwordStdin || input.askPassword
  if (hasPassword && input.public) {
    return yield* usage("A public page has no password.", "Give --public or a password.")
  }
  if (!hasPassword && !input.public && Option.isNone(input.name) && Option.isNone(input.file)) {
    return yield* usage("There is nothing to change.", "Give --name, --file, --public or a password.")
  }
  if (input.passwordStdin && Option.contains(input.file, "-")) {
    return yield* usage("Standard input cannot be both the page and the password.", "Give the page as a file.")
  }
  const changes = {
    name: Option.getOrUndefined(input.name),
    html: Option.isSome(input.file) ? yield* html(input.file.value) : undefined,
    password: input.public ? null : yield* optionalPassword(input),
    ifExists: input.replace ? ("replace" as const) : ("fail" as const)
  }
  return yield* withSession(
    Kuviz.layer(),
    Effect.gen(function* () {
      const { id } = yield* find(input.idOrName)
      return yield* Effect.flatMap(Kuviz, ({ update }) => update(id, changes))
    })
  )
})
