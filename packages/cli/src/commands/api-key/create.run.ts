/** The work of `carto api-key create`. */

import * as ApiKey from "@effect-carto/core/ApiKey"
import { ApiKeys } from "@effect-carto/core/ApiKeys"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { inWords } from "../../abilities.ts"
import * as Output from "../../Output.ts"
import { withSession } from "../../session.ts"
import { type GrantInput, grantsOf } from "./grants.ts"
import { printToken } from "./token.ts"

export interface CreateInput extends GrantInput {
  readonly name: string
  readonly user: Option.Option<string>
}

export const run = Effect.fnUntraced(function* (input: CreateInput) {
  const grants = yield* grantsOf(input)
  const owner = { user: Option.getOrUndefined(input.user) }
  const made = withSession(
    ApiKeys.layer(),
    Effect.flatMap(ApiKeys, ({ create }) => create(input.name, grants, owner))
  )
  yield* printToken(
    Effect.tap(made, (key) => Output.note(`created API key ${key.name} (${inWords(ApiKey.abilities(key))})`))
  )
})
