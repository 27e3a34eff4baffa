/** The work of `carto user me`. */
import { Users } from "@effect-carto/core/Users"
import * as Effect from "effect/Effect"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"

const shape = Records.shape([
  "username",
  "organization",
  "organization_owner",
  "first_name",
  "last_name",
  "region",
  "groups",
  "api_endpoints",
  "avatar_url"
])

export const run = () =>
  Records.one(
    shape,
    withSession(
      Users.layer(),
      Effect.map(
        Effect.flatMap(Users, ({ me }) => me),
        ({ organization, ...me }) => ({
          ...me,
          organization: organization?.name,
          organization_owner: organization?.owner?.username
        })
      )
    )
  )
