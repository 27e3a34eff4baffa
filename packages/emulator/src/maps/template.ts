/** What the template of a named map must be like (maps reference, §14.1). */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { elements, isJsonObject, type JsonObject, member, members } from "./json.ts"
import { badRequest, type MapsError } from "./MapsError.ts"
import type { TemplateAuth } from "./StoredMap.ts"

const readAuth = (auth: unknown): Effect.Effect<TemplateAuth, MapsError> => {
  const method = member(auth, "method")
  const tokens = elements(member(auth, "valid_tokens")).filter(Predicate.isString)
  if (method === "open") return Effect.succeed({ method })
  if (method !== "token") return Effect.fail(badRequest(`Unsupported authentication method: ${String(method)}`))
  return tokens.length === 0
    ? Effect.fail(badRequest("Invalid 'token' authentication: no valid_tokens"))
    : Effect.succeed({ method, tokens })
}

/** Who may use a stored template. */
export const templateAuth = (template: JsonObject): TemplateAuth => {
  const tokens = elements(member(template.auth, "valid_tokens")).filter(Predicate.isString)
  return member(template.auth, "method") === "token" ? { method: "token", tokens } : { method: "open" }
}

const checkPlaceholders = (placeholders: JsonObject) =>
  Effect.forEach(
    Object.entries(placeholders),
    ([name, placeholder]) => {
      if (!/^[a-z][0-9a-z_]*$/i.test(name)) {
        return Effect.fail(badRequest(`Invalid characters in placeholder name '${name}'`))
      }
      const missing = ["default", "type"].find((part) => member(placeholder, part) === undefined)
      return missing === undefined
        ? Effect.void
        : Effect.fail(badRequest(`Missing ${missing} for placeholder '${name}'`))
    },
    { discard: true }
  )

const checkLayers = (layers: unknown) => {
  if (!Array.isArray(layers) || layers.length === 0) {
    return Effect.fail(badRequest("Missing or empty layers array from layergroup config"))
  }
  const without = layers.flatMap((layer, index) => (isJsonObject(member(layer, "options")) ? [] : [index]))
  return without.length === 0
    ? Effect.void
    : Effect.fail(badRequest(`Missing \`options\` in layergroup config for layers: ${without.join(", ")}`))
}

/** A template and its name, as it is stored: `auth` first, and with its defaults. */
export const readTemplate = Effect.fnUntraced(function* (json: JsonObject) {
  const { name, version } = json
  if (version !== "0.0.1") return yield* badRequest(`Unsupported template version ${String(version)}`)
  if (!Predicate.isString(name)) return yield* badRequest("Missing template name")
  if (!/^[a-z0-9][0-9a-z_-]*$/i.test(name)) {
    return yield* badRequest(`Invalid characters in template name '${name}'`)
  }
  const auth: unknown = json.auth ?? { method: "open" }
  yield* readAuth(auth)
  yield* checkPlaceholders(members(json.placeholders))
  yield* checkLayers(member(json.layergroup, "layers"))
  const stored: JsonObject = { auth, ...json, ...(json.placeholders === undefined ? { placeholders: {} } : {}) }
  return { name, json: stored }
})
