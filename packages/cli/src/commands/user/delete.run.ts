/** The work of `carto user delete`. */
import { Users } from "@effect-carto/core/Users"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { confirmed } from "../../confirmed.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"

const shape = Records.shape(["username"])

export interface DeleteInput {
  readonly username: string
  readonly organization: Option.Option<string>
  readonly force: boolean
  readonly yes: boolean
}

export const run = ({ force, organization, username, yes }: DeleteInput) =>
  Records.changed(
    shape,
    Effect.gen(function* () {
      yield* confirmed(`This deletes ${username} with all datasets and maps, for good.`, yes)
      const options = { force, organization: Option.getOrUndefined(organization) }
      yield* withSession(
        Users.layer(),
        Effect.flatMap(Users, (users) => users.delete(username, options))
      )
      return { username }
    }),
    ({ username }) => `deleted user ${username}`
  )
