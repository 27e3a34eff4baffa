/**
 * Templates of named maps: a map with placeholders, and who may instantiate it (Maps reference, §14.1).
 *
 * ```ts
 * const template = MapTemplate.make("cities", config, {
 *   placeholders: { minimum: MapTemplate.number(0), color: MapTemplate.cssColor("red") },
 *   auth: MapTemplate.tokens(token)
 * })
 * ```
 */
import type * as Effect from "effect/Effect"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { CartoError } from "./CartoError.ts"
import { decoded } from "./internal/mapBody.ts"
import { open } from "./internal/open.ts"
import { CssColor, TemplateNumber, undeclared } from "./internal/placeholders.ts"
import { MapConfig } from "./MapConfig.ts"
import type { Bbox } from "./Tiles.ts"

/** Unique in the account. The server takes any case, and compares it as it is. */
export const TemplateName = Schema.String.check(
  Schema.isPattern(/^[a-z0-9][0-9a-z_-]*$/i, {
    expected: "a name of letters, digits, - and _ that begins with a letter or a digit"
  })
)

/**
 * Where a value goes, by which the server makes it safe. It doubles quotes, but does not write them: they belong into
 * the template, `'<%= x %>'` around a `sql_literal` and `"<%= x %>"` around a `sql_ident`.
 */
export const Placeholder = Schema.Union([
  open({ type: Schema.Literals(["sql_literal", "sql_ident"]), default: Schema.String }),
  open({ type: Schema.Literal("number"), default: TemplateNumber }),
  open({ type: Schema.Literal("css_color"), default: CssColor })
])
export type Placeholder = typeof Placeholder.Type

const Token = Schema.RedactedFromValue(Schema.NonEmptyString)

const isPlaceholderName = /^[a-z][0-9a-z_]*$/i

const Placeholders = Schema.Record(Schema.String, Placeholder).check(
  Schema.makeFilter((placeholders) => Object.keys(placeholders).every((name) => isPlaceholderName.test(name)), {
    expected: "names of letters, digits and _ that begin with a letter"
  })
)

/** Everybody, or whoever has one of the tokens. */
export const TemplateAuth = Schema.Union([
  open({ method: Schema.Literal("open") }),
  open({ method: Schema.Literal("token"), valid_tokens: Schema.NonEmptyArray(Token) })
])
export type TemplateAuth = typeof TemplateAuth.Type

/** What static images show that are made straight of the template. */
const View = open({
  zoom: Schema.optionalKey(Schema.Finite),
  center: Schema.optionalKey(open({ lng: Schema.Finite, lat: Schema.Finite })),
  bounds: Schema.optionalKey(
    open({ west: Schema.Finite, south: Schema.Finite, east: Schema.Finite, north: Schema.Finite })
  ),
  /** By index or id; `false` hides the layer. */
  preview_layers: Schema.optionalKey(Schema.Record(Schema.String, Schema.Boolean))
})

const fields = {
  version: Schema.Literal("0.0.1"),
  name: TemplateName,
  auth: Schema.optionalKey(TemplateAuth),
  placeholders: Schema.optionalKey(Placeholders),
  layergroup: MapConfig,
  view: Schema.optionalKey(View)
}

/** Members that CARTO's Python client has stored with templates, the master key among them. They are dropped. */
export const strayMembers = ["api_key", "map_key", "client"]

/** The server checks names and members when it stores a template, all else when it is instantiated: here it is all. */
export const MapTemplate = open(fields).check(
  Schema.makeFilter(({ layergroup }) => layergroup.layers.length > 0, { expected: "a template with layers" }),
  Schema.makeFilter((template) => !strayMembers.some((name) => name in template), {
    expected: "a template without API key and client"
  }),
  Schema.makeFilter((template) => {
    const missing = undeclared(template)
    return missing.length === 0 || `a placeholder that is used must be declared: ${missing.join(", ")}`
  })
)
export type MapTemplate = typeof MapTemplate.Type

export interface TemplateOptions {
  /** Default open to everybody. */
  readonly auth?: TemplateAuth
  readonly placeholders?: Readonly<Record<string, Placeholder>>
  readonly view?: typeof View.Type
}

export const make = (name: string, layergroup: MapConfig, options: TemplateOptions = {}): MapTemplate => ({
  version: "0.0.1",
  name,
  auth: { method: "open" },
  placeholders: {},
  layergroup,
  ...options
})

export const tokens = (first: Redacted.Redacted, ...others: ReadonlyArray<Redacted.Redacted>): TemplateAuth => ({
  method: "token",
  valid_tokens: [first, ...others]
})

export const number = (value: number): Placeholder => ({ type: "number", default: value })
export const cssColor = (value: string): Placeholder => ({ type: "css_color", default: value })
/** Inside single quotes of SQL. */
export const sqlLiteral = (value: string): Placeholder => ({ type: "sql_literal", default: value })
/** Inside double quotes of SQL. */
export const sqlIdent = (value: string): Placeholder => ({ type: "sql_ident", default: value })

/** Of a file, or of a template that was read; a `ValidationError` says what is not right. */
export const fromJson = (json: unknown): Effect.Effect<MapTemplate, CartoError> =>
  decoded("MapTemplate.fromJson", "the template", MapTemplate, json)

/** The view of a box. */
export const bounds = ([west, south, east, north]: Bbox): typeof View.Type => ({ bounds: { west, south, east, north } })
