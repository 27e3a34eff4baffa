/** The work of `carto user update`. */
import { Users } from "@effect-carto/core/Users"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { usage } from "../../CommandError.ts"
import type { PasswordInput } from "../../passwordFlags.ts"
import * as Records from "../../Records.ts"
import { optionalPassword } from "../../secretInput.ts"
import { withSession } from "../../session.ts"
import { changes, record, type StandingInput, shape } from "./record.ts"

export interface UpdateInput extends StandingInput, PasswordInput {
  readonly username: string
  readonly email: Option.Option<string>
  readonly organization: Option.Option<string>
}

export const run = (input: UpdateInput) =>
  Records.changed(
    shape,
    Effect.gen(function* () {
      const password = yield* optionalPassword(input)
      const wanted = { ...changes(input), email: Option.getOrUndefined(input.email), password }
      if (Object.values(wanted).every((value) => value === undefined)) {
        return yield* usage("There is nothing to change.", "Give --email, --quota, --viewer or another flag of --help.")
      }
      const options = { organization: Option.getOrUndefined(input.organization) }
      return record(
        yield* withSession(
          Users.layer(),
          Effect.flatMap(Users, ({ update }) => update(input.username, wanted, options))
        )
      )
    }),
    ({ username }) => `updated user ${username}`
  )
