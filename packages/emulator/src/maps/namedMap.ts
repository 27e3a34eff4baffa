/** Templates that a request uses: found, opened by its tokens, and filled. */
import * as Effect from "effect/Effect"
import { Auth } from "../Auth.ts"
import { isOpen } from "./access.ts"
import { type MapsExchange, parameter } from "./exchange.ts"
import { fill } from "./fill.ts"
import type { Instantiation } from "./instantiate.ts"
import type { JsonObject } from "./json.ts"
import { MapsError } from "./MapsError.ts"
import { type Template, Templates } from "./Templates.ts"
import { templateAuth } from "./template.ts"

/** `{user}@{name}` is a name, too. */
export const templateName = ({ path, user }: MapsExchange): string => {
  const name = path.name ?? ""
  return name.startsWith(`${user}@`) ? name.slice(user.length + 1) : name
}

/** The template of an address, if its tokens open it; no key does. */
export const openTemplate = Effect.fnUntraced(function* (exchange: MapsExchange) {
  const name = templateName(exchange)
  const template = yield* (yield* Templates).get(name)
  if (template === undefined) {
    return yield* new MapsError({ status: 404, message: `Template '${name}' of user '${exchange.user}' not found` })
  }
  if (!isOpen(templateAuth(template.json), exchange)) {
    return yield* new MapsError({ status: 403, message: "Unauthorized template instantiation" })
  }
  return template
})

/** What is to be made of a template: its data is read with the owner's rights. */
export const ofTemplate = Effect.fnUntraced(function* (exchange: MapsExchange, template: Template, values: JsonObject) {
  const { master } = yield* Auth
  const { json, name } = template
  const asked: Instantiation = {
    exchange,
    json: yield* fill(json, values),
    role: master.role,
    isOwner: true,
    filters: parameter(exchange, "filters"),
    aggregation: parameter(exchange, "aggregation"),
    template: { json: { name, auth: json.auth }, auth: templateAuth(json) }
  }
  return asked
})
