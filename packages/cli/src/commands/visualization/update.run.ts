/** The work of `carto visualization update`. */
import { Visualizations } from "@effect-carto/core/Visualizations"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import { usage } from "../../CommandError.ts"
import * as Input from "../../Input.ts"
import { privacies } from "../../privacies.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { type ChangeFlags, changes, some } from "../../visualizationChanges.ts"
import { record, shape } from "./record.ts"

export interface UpdateInput extends ChangeFlags {
  readonly idOrName: string
  readonly privacy: Option.Option<"public" | "link" | "private" | "password">
  readonly passwordStdin: boolean
}

export const run = Effect.fnUntraced(function* (input: UpdateInput) {
  const privacy = Option.getOrUndefined(Option.map(input.privacy, (word) => privacies[word]))
  if ((privacy === "PASSWORD") !== input.passwordStdin) {
    return yield* usage("--privacy password and --password-stdin go together.", "Passwords stand in no flag.")
  }
  const wanted = yield* some({ ...changes(input), privacy })
  const password = input.passwordStdin ? yield* readPassword : undefined
  yield* Records.changed(
    shape,
    withSession(
      Visualizations.layer(),
      Effect.map(
        Effect.flatMap(Visualizations, ({ update }) => update(input.idOrName, { ...wanted, password })),
        record
      )
    ),
    ({ id, name, privacy }) => `changed map ${name}, which is ${privacy.toLowerCase()} (${id})`
  )
})

const readPassword = Effect.gen(function* () {
  const text = (yield* Input.text).replace(/\r?\n$/, "")
  return text === "" ? yield* usage("The password is empty.") : Redacted.make(text)
})
