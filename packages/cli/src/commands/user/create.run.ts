/** The work of `carto user create`. */
import { Users } from "@effect-carto/core/Users"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Records from "../../Records.ts"
import { password } from "../../secretInput.ts"
import { withSession } from "../../session.ts"
import { changes, record, type StandingInput, shape } from "./record.ts"

export interface CreateInput extends StandingInput {
  readonly username: string
  readonly email: string
  readonly passwordStdin: boolean
  readonly forcePasswordChange: boolean
  readonly organization: Option.Option<string>
}

export const run = (input: CreateInput) =>
  Records.changed(
    shape,
    Effect.gen(function* () {
      const secret = yield* password(input.passwordStdin)
      const { email, username } = input
      const user = {
        ...changes(input),
        username,
        email,
        password: secret,
        force_password_change: input.forcePasswordChange
      }
      const options = { organization: Option.getOrUndefined(input.organization) }
      return record(
        yield* withSession(
          Users.layer(),
          Effect.flatMap(Users, ({ create }) => create(user, options))
        )
      )
    }),
    ({ username }) => `created user ${username}`
  )
