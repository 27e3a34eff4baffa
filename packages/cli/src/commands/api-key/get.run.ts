/** The work of `carto api-key get`. */
import { ApiKeys } from "@effect-carto/core/ApiKeys"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"
import { record, shape } from "./record.ts"
import { printToken } from "./token.ts"

export interface GetInput {
  readonly name: string
  readonly user: Option.Option<string>
  readonly showToken: boolean
}

export const run = Effect.fnUntraced(function* ({ name, showToken, user }: GetInput) {
  const read = withSession(
    ApiKeys.layer(),
    Effect.flatMap(ApiKeys, ({ get }) => get(name, { user: Option.getOrUndefined(user) }))
  )
  yield* showToken ? printToken(read) : Records.one(shape, Effect.map(read, record))
})
