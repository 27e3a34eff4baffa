/** Placeholders of templates: where they stand, and which values they take (Maps reference, §14.1, §14.6). */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CartoError } from "../CartoError.ts"
import type { MapConfig } from "../MapConfig.ts"
import type { MapTemplate } from "../MapTemplate.ts"
import { refuse } from "./refuse.ts"

interface Template {
  readonly placeholders?: Readonly<Record<string, unknown>>
  readonly layergroup: MapConfig
}

/** The names that stand where the server replaces them, and that no placeholder declares. */
export const undeclared = ({ layergroup, placeholders = {} }: Template): ReadonlyArray<string> => {
  const texts = [
    ...layergroup.layers.flatMap(({ options }) => [
      "sql" in options ? options.sql : undefined,
      "cartocss" in options ? options.cartocss : undefined
    ]),
    ...Object.values(layergroup.buffersize ?? {})
  ]
  const used = texts.flatMap((text) =>
    typeof text === "string" ? [...text.matchAll(/<%=\s*([a-z]\w*)\s*%>/gi)].flatMap(([, name]) => name ?? []) : []
  )
  return [...new Set(used)].filter((name) => !Object.hasOwn(placeholders, name))
}

export type PlaceholderValues = Readonly<Record<string, string | number>>

/** Letters only, or `#` and three to six hexadecimal digits: no `rgb()`. */
export const CssColor = Schema.String.check(
  Schema.isPattern(/^([a-z]+|#[0-9a-f]{3,6})$/i, { expected: "a color by its name, or as # and hexadecimal digits" })
)

/** As text the server takes it only with at most one digit or the dot before the other digits. */
export const TemplateNumber = Schema.Union([
  Schema.Finite,
  Schema.String.check(
    Schema.isPattern(/^[-+]?[\d.]?\d+([eE][+-]?\d+)?$/, { expected: "a number; as text it may have no decimals" })
  )
])

const schemas = { sql_literal: Schema.String, sql_ident: Schema.String, number: TemplateNumber, css_color: CssColor }

/**
 * Values of the wrong type make the server fail inside (Maps reference, §14.6). With the name of a template alone its
 * types are not known, and only what no type takes is refused.
 */
export const checkValues = (
  operation: string,
  template: string | MapTemplate,
  values: PlaceholderValues
): Effect.Effect<void, CartoError> => {
  const declared = typeof template === "string" ? undefined : (template.placeholders ?? {})
  const wrong = Object.entries(values).flatMap(([name, value]) => {
    if (declared === undefined) return isValue(value) ? [] : [`${name} must be text or a number`]
    const placeholder = Object.hasOwn(declared, name) ? declared[name] : undefined
    if (placeholder === undefined) return [`${name} is no placeholder of the template`]
    return Schema.is(schemas[placeholder.type])(value) ? [] : [`${name} must be a ${placeholder.type}`]
  })
  return wrong.length === 0
    ? Effect.void
    : Effect.fail(refuse(operation, wrong.join("; "), "Give values of the placeholders' types."))
}

const isValue = Schema.is(Schema.Union([Schema.String, Schema.Finite]))
