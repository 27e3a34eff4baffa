/** Maps in files: a configuration, or a template with values for its placeholders. */
import * as MapConfig from "@effect-carto/core/MapConfig"
import * as MapTemplate from "@effect-carto/core/MapTemplate"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { usage } from "./CommandError.ts"
import { jsonFile } from "./jsonFile.ts"

export type PlaceholderValues = Readonly<Record<string, string | number>>

/** Names of named maps have neither dots nor slashes. */
export const isFile = (target: string): boolean => target === "-" || /[./\\]/.test(target)

const isTemplate = (json: unknown): boolean => Predicate.isObject(json) && "layergroup" in json

/** A configuration as it is; a template with the values, or else the defaults, of its placeholders. */
export const readConfig = Effect.fnUntraced(function* (file: string, values: PlaceholderValues) {
  const json = yield* jsonFile(file)
  if (isTemplate(json)) return yield* filled(yield* MapTemplate.fromJson(json), values)
  const [first] = Object.keys(values)
  if (first !== undefined) {
    return yield* usage(`${file} has no placeholder ${first}.`, "Placeholders belong to templates of named maps.")
  }
  return yield* MapConfig.fromJson(json)
})

export const readTemplate = Effect.fnUntraced(function* (file: string) {
  const json = yield* jsonFile(file)
  return isTemplate(json)
    ? yield* MapTemplate.fromJson(json)
    : yield* usage(`${file} is no template.`, 'A template has the members "version", "name" and "layergroup".')
})

/** The map of a template, as the server would make it when it is instantiated (Maps reference, §14.1). */
export const filled = Effect.fnUntraced(function* (template: MapTemplate.MapTemplate, values: PlaceholderValues) {
  const { layergroup, placeholders = {} } = template
  const stranger = Object.keys(values).find((name) => !Object.hasOwn(placeholders, name))
  if (stranger !== undefined) {
    return yield* usage(
      `The template ${template.name} has no placeholder ${stranger}.`,
      `It has ${Object.keys(placeholders).join(", ") || "none"}.`
    )
  }
  const fill = (text: string): string =>
    text.replace(/<%=\s*([a-z]\w*)\s*%>/gi, (whole, name: string) => {
      const placeholder = Object.hasOwn(placeholders, name) ? placeholders[name] : undefined
      return placeholder === undefined ? whole : written(placeholder, values[name] ?? placeholder.default)
    })
  const buffersize = Object.entries(layergroup.buffersize ?? {}).map(([format, pixels]) => [
    format,
    Predicate.isString(pixels) ? Number(fill(pixels)) : pixels
  ])
  return yield* MapConfig.fromJson({
    ...layergroup,
    ...(buffersize.length === 0 ? {} : { buffersize: Object.fromEntries(buffersize) }),
    layers: layergroup.layers.map((layer) => ({ ...layer, options: filledMembers(layer.options, fill) }))
  })
})

/** The server fills these two, and no other. */
const filledMembers = (options: object, fill: (text: string) => string): object =>
  Object.fromEntries(
    Object.entries(options).map(([name, value]: readonly [string, unknown]) => [
      name,
      (name === "sql" || name === "cartocss") && Predicate.isString(value) ? fill(value) : value
    ])
  )

const quotes: Readonly<Record<string, string>> = { sql_literal: "'", sql_ident: '"' }

const written = ({ type }: MapTemplate.Placeholder, value: string | number): string => {
  const quote = quotes[type]
  return quote === undefined ? String(value) : String(value).replaceAll(quote, quote + quote)
}
