/** The work of `carto user get`. */
import { Users } from "@effect-carto/core/Users"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { record, shape } from "./record.ts"

export interface GetInput {
  readonly username: string
  readonly organization: Option.Option<string>
}

export const run = ({ organization, username }: GetInput) =>
  Records.one(
    shape,
    withSession(
      Users.layer(),
      Effect.map(
        Effect.flatMap(Users, ({ get }) => get(username, { organization: Option.getOrUndefined(organization) })),
        record
      )
    )
  )
