/** The work of `carto api-key regenerate`. */
import { ApiKeys } from "@effect-carto/core/ApiKeys"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { confirmed } from "../../confirmed.ts"
import * as Output from "../../Output.ts"
import { withSession } from "../../session.ts"
import { printToken } from "./token.ts"

export interface RegenerateInput {
  readonly name: string
  readonly user: Option.Option<string>
  readonly yes: boolean
}

export const run = Effect.fnUntraced(function* ({ name, user, yes }: RegenerateInput) {
  yield* confirmed(`Whoever holds the token of ${name} is locked out.`, yes)
  const owner = { user: Option.getOrUndefined(user) }
  const renewed = withSession(Effect.flatMap(ApiKeys, ({ regenerate }) => regenerate(name, owner)))
  yield* printToken(
    Effect.tap(renewed, (key) =>
      Effect.andThen(
        Output.note(`API key ${key.name} has another token`),
        key.type === "master" && Option.isNone(user) ? Output.note(saved) : Effect.void
      )
    )
  )
})

const saved = "Where the old one is saved it no longer works: give the new one to carto auth login --api-key-stdin."
