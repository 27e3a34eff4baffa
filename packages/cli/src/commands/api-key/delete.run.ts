/** The work of `carto api-key delete`. */
import { ApiKeys } from "@effect-carto/core/ApiKeys"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { confirmed } from "../../confirmed.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"

const shape = Records.shape(["name"])

export interface DeleteInput {
  readonly name: string
  readonly user: Option.Option<string>
  readonly yes: boolean
}

export const run = ({ name, user, yes }: DeleteInput) =>
  Records.changed(
    shape,
    Effect.andThen(
      confirmed(`This deletes the key ${name}: whoever holds its token is locked out.`, yes),
      withSession(
        ApiKeys.layer(),
        Effect.as(
          Effect.flatMap(ApiKeys, (keys) => keys.delete(name, { user: Option.getOrUndefined(user) })),
          { name }
        )
      )
    ),
    ({ name }) => `deleted API key ${name}`
  )
