/** Layers of type `named`: a template as a part of another map. The emulator knows who may use one, but not how. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { MapsExchange } from "./exchange.ts"
import { elements, type JsonObject, member } from "./json.ts"
import { badRequest, MapsError, unsupported } from "./MapsError.ts"
import { Templates } from "./Templates.ts"
import { templateAuth } from "./template.ts"

const tokensOf = (options: unknown): ReadonlyArray<unknown> => {
  const tokens = member(options, "auth_tokens")
  return Predicate.isString(tokens) ? [tokens] : elements(tokens)
}

/** Fails as the servers do for unknown templates and wrong tokens, and with 501 for every other named layer. */
export const checkNamedLayers = Effect.fnUntraced(function* ({ user }: MapsExchange, json: JsonObject) {
  for (const layer of elements(json.layers)) {
    if (member(layer, "type") !== "named") continue
    const options = member(layer, "options")
    const name = String(member(options, "name"))
    const template = yield* (yield* Templates).get(name)
    if (template === undefined) return yield* badRequest(`Template '${name}' of user '${user}' not found`)
    const auth = templateAuth(template.json)
    if (auth.method === "token" && !tokensOf(options).some((token) => auth.tokens.some((own) => own === token))) {
      return yield* new MapsError({ status: 403, message: `Unauthorized '${name}' template instantiation` })
    }
    return yield* unsupported("layers of type named")
  }
})
