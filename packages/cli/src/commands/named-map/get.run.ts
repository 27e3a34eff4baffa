/** The work of `carto named-map get`. */
import { NamedMaps } from "@effect-carto/core/NamedMaps"
import { StoredTemplate } from "@effect-carto/core/StoredTemplate"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Output from "../../Output.ts"
import * as Records from "../../Records.ts"
import { replaced } from "../../Shown.ts"
import { withSession } from "../../session.ts"

export interface GetInput {
  readonly name: string
  readonly withSecret: boolean
}

export const run = Effect.fnUntraced(function* ({ name, withSecret }: GetInput) {
  const stored = yield* withSession(
    NamedMaps.layer(),
    Effect.flatMap(NamedMaps, ({ get }) => get(name))
  )
  const template = yield* Effect.orDie(Schema.encodeEffect(StoredTemplate)(stored))
  const hasTokens = (template.auth?.valid_tokens ?? []).length > 0
  if (hasTokens) yield* Output.note(withSecret ? told : untold)
  const shown = withSecret ? template : replaced(template, withoutTokens)
  yield* (yield* Records.isJson) ? Records.json(JSON.stringify(shown)) : Output.lines([JSON.stringify(shown, null, 2)])
})

const told = "The template holds tokens: whoever sees them may use the map."
const untold = "Its tokens are not shown; --with-secret prints them."

/** In the template and in the named maps among its layers. */
const withoutTokens = (name: string, member: unknown) =>
  name === "valid_tokens" || name === "auth_tokens" ? redacted(member) : undefined

const redacted = (tokens: unknown) => (Array.isArray(tokens) ? tokens.map(() => "<redacted>") : "<redacted>")
