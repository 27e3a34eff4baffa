/** The work of `carto api-key regenerate`. */
import { ApiKeys } from "@effect-carto/core/ApiKeys"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import { type Credentials, credentials } from "../../Credentials.ts"
import { confirmed } from "../../confirmed.ts"
import * as Output from "../../Output.ts"
import { follow } from "../../profileKey.ts"
import { withAccount } from "../../session.ts"
import { printToken } from "./token.ts"

export interface RegenerateInput {
  readonly name: string
  readonly user: Option.Option<string>
  readonly yes: boolean
}

export const run = Effect.fnUntraced(function* ({ name, user, yes }: RegenerateInput) {
  yield* confirmed(`Whoever holds the token of ${name} is locked out.`, yes)
  const owner = { user: Option.getOrUndefined(user) }
  const account = yield* credentials
  const renewed = withAccount(
    account,
    ApiKeys.layer(),
    Effect.flatMap(ApiKeys, ({ regenerate }) => regenerate(name, owner))
  )
  yield* printToken(
    Effect.tap(renewed, (key) =>
      Effect.andThen(
        Output.note(`API key ${key.name} has another token`),
        key.type === "master" && Option.isNone(user) ? followed(account, key.token) : Effect.void
      )
    )
  )
})

/** The token is printed whatever becomes of the profile: nobody has it else. */
const followed = (account: Credentials, token: Redacted.Redacted) =>
  Effect.catch(follow(account, token), ({ message }) => Effect.as(Output.note(`warning: ${message}`), undefined)).pipe(
    Effect.flatMap((profile) =>
      Output.note(
        profile === undefined
          ? "Where the old one is saved it no longer works: give the new one to carto auth login --api-key-stdin."
          : `Profile ${profile} has it; where else the old one is saved it no longer works.`
      )
    )
  )
