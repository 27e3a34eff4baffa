/** Fills the placeholders of a template, each as its type allows. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { elements, isJsonObject, type JsonObject, member, members } from "./json.ts"
import { badRequest, type MapsError } from "./MapsError.ts"

/** As text a number may have one digit or a dot in front of its digits: `12.5` must be sent as a number. */
const numberText = /^[+-]?[\d.]?\d+(?:e[+-]?\d+)?$/i
const color = /^(?:[a-z]+|#[0-9a-f]{3,6})$/i

/** The text that stands for a value; quotes are doubled, but must stand in the template itself. */
const written = (name: string, type: unknown, value: unknown): Effect.Effect<string, MapsError> => {
  const wrong = () =>
    Effect.fail(badRequest(`Invalid ${String(type)} value for template parameter '${name}': ${value}`))
  switch (type) {
    case "sql_literal":
      return Predicate.isString(value) ? Effect.succeed(value.replaceAll("'", "''")) : wrong()
    case "sql_ident":
      return Predicate.isString(value) ? Effect.succeed(value.replaceAll('"', '""')) : wrong()
    case "number":
      return Predicate.isNumber(value) || (Predicate.isString(value) && numberText.test(value))
        ? Effect.succeed(String(value))
        : wrong()
    case "css_color":
      return Predicate.isString(value) && color.test(value) ? Effect.succeed(value) : wrong()
    default:
      return Effect.fail(badRequest(`Invalid placeholder type '${String(type)}'`))
  }
}

const replaced = (text: string, values: ReadonlyMap<string, string>): string =>
  text.replace(/<%=\s*(\w+)\s*%>/g, (mark, name: string) => values.get(name) ?? mark)

const filledOptions = (options: JsonObject, values: ReadonlyMap<string, string>, style: unknown): JsonObject => {
  const { sql } = options
  const cartocss = Predicate.isString(style) ? style : options.cartocss
  return {
    ...options,
    ...(Predicate.isString(cartocss) ? { cartocss: replaced(cartocss, values) } : {}),
    ...(Predicate.isString(sql) ? { sql: replaced(sql, values) } : {})
  }
}

/** A buffer that was a placeholder becomes a number. */
const filledSizes = (sizes: JsonObject, values: ReadonlyMap<string, string>): JsonObject =>
  Object.fromEntries(
    Object.entries(sizes).map(([format, size]) => {
      const text = Predicate.isString(size) ? replaced(size, values) : size
      return [format, Predicate.isString(text) && text !== "" && !Number.isNaN(Number(text)) ? Number(text) : text]
    })
  )

/**
 * The configuration of a template with values; unknown names are ignored, absent ones have their defaults.
 *
 * `styles` among the values is `{layer index: cartocss}`.
 */
export const fill = Effect.fnUntraced(function* (template: JsonObject, given: JsonObject) {
  const pairs = yield* Effect.forEach(Object.entries(members(template.placeholders)), ([name, placeholder]) => {
    const value = name in given ? given[name] : member(placeholder, "default")
    return Effect.map(written(name, member(placeholder, "type"), value), (text) => [name, text] as const)
  })
  const values = new Map(pairs)
  const layergroup = members(template.layergroup)
  const filled: JsonObject = {
    ...layergroup,
    ...(isJsonObject(layergroup.buffersize) ? { buffersize: filledSizes(layergroup.buffersize, values) } : {}),
    layers: elements(layergroup.layers).map((layer, index) => {
      const options = members(member(layer, "options"))
      return { ...members(layer), options: filledOptions(options, values, member(given.styles, String(index))) }
    })
  }
  return filled
})
