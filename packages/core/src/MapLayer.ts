/** The layers of a map: what each type takes, and functions that write them (Maps reference, §6.1 to §6.6). */
import * as Predicate from "effect/Predicate"
import type * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type * as Statement from "effect/sql/Statement"
import { open } from "./internal/open.ts"
import { textOf } from "./internal/sqlCompiler.ts"
import { MapAggregation } from "./MapAggregation.ts"

const text = Schema.optionalKey(Schema.String)
const integer = Schema.optionalKey(Schema.Int)
const extent = Schema.optionalKey(Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 2_147_483_647 })))
const id = { id: text }

/** Columns that `Maps.attributes` gives for a feature; `id` is the column that tells features apart. */
export const Attributes = Schema.Struct({ id: Schema.String, columns: Schema.Array(Schema.String) })

/** Statistics to compute when the map is instantiated (Maps reference, §7.3). */
const Statistics = open({
  featureCount: Schema.optionalKey(Schema.Boolean),
  aggrFeatureCount: Schema.optionalKey(Schema.Union([Schema.Int, Schema.Boolean])),
  geometryType: Schema.optionalKey(Schema.Boolean),
  columns: Schema.optionalKey(Schema.Boolean),
  columnStats: Schema.optionalKey(
    Schema.Union([Schema.Boolean, open({ topCategories: integer, includeNulls: Schema.optionalKey(Schema.Boolean) })])
  ),
  dimensions: Schema.optionalKey(Schema.Boolean),
  sample: Schema.optionalKey(
    Schema.Union([
      Schema.Boolean,
      open({ num_rows: integer, include_columns: Schema.optionalKey(Schema.Array(Schema.String)) })
    ])
  )
})

const mapnikFields = {
  cartocss: text,
  /** Needed beside `cartocss`; `mapnik` writes it. */
  cartocss_version: text,
  /** Default `the_geom_webmercator`. */
  geom_column: text,
  geom_type: Schema.optionalKey(Schema.Literals(["geometry", "raster"])),
  raster_band: integer,
  srid: integer,
  /** Columns in the answers of `Maps.grid`. */
  interactivity: Schema.optionalKey(Schema.Union([Schema.Array(Schema.String), Schema.String])),
  attributes: Schema.optionalKey(Attributes),
  affected_tables: Schema.optionalKey(Schema.Array(Schema.String)),
  minzoom: Schema.optionalKey(Schema.Finite),
  maxzoom: Schema.optionalKey(Schema.Finite),
  /** Of vector tiles; the same in all layers. Default 4096. */
  vector_extent: extent,
  vector_simplify_extent: extent,
  /** A query around the query, which stands in it as `<%= sql %>`. */
  sql_wrap: text,
  aggregation: Schema.optionalKey(Schema.Union([Schema.Boolean, MapAggregation])),
  metadata: Schema.optionalKey(Statistics),
  /** Dates in vector tiles become seconds since 1970; otherwise they are left out. */
  dates_as_numbers: Schema.optionalKey(Schema.Boolean)
}

const torqueFields = {
  /** The frame of pictures. */
  step: Schema.optionalKey(Schema.Finite),
  geom_column: text,
  srid: integer,
  attributes: Schema.optionalKey(Attributes),
  affected_tables: Schema.optionalKey(Schema.Array(Schema.String))
}

const httpFields = {
  /** For `{s}`. Default a, b, c. */
  subdomains: Schema.optionalKey(Schema.Array(Schema.String)),
  /** Rows are counted from the south. */
  tms: Schema.optionalKey(Schema.Boolean)
}

/** Alone without `cartocss` it has vector tiles only. */
export const MapnikLayer = open({
  ...id,
  type: Schema.optionalKey(
    Schema.Literals(["mapnik", "cartodb"]).annotate({ expected: "mapnik, cartodb, torque, http, plain or named" })
  ),
  options: open({ ...mapnikFields, sql: text, source: Schema.optionalKey(Schema.Struct({ id: Schema.String })) }).check(
    Schema.makeFilter(({ source, sql }) => sql !== undefined || source !== undefined, {
      expected: "options with sql or source"
    }),
    Schema.makeFilter(
      ({ cartocss, cartocss_version }) => (cartocss === undefined) === (cartocss_version === undefined),
      { expected: "cartocss and cartocss_version, or none of them" }
    )
  )
})

export const TorqueLayer = open({
  ...id,
  type: Schema.Literal("torque"),
  options: open({ sql: Schema.String, cartocss: Schema.String, cartocss_version: Schema.String, ...torqueFields })
})

/** Tiles of another server, such as a base map. */
export const HttpLayer = open({
  ...id,
  type: Schema.Literal("http"),
  options: open({ urlTemplate: Schema.NonEmptyString, ...httpFields })
})

const Channel = Schema.Finite.check(Schema.isBetween({ minimum: 0, maximum: 255 }))

/** One color, or one picture again and again. The server takes anything, and fails when a tile is asked for. */
export const PlainLayer = open({
  ...id,
  type: Schema.Literal("plain"),
  options: Schema.Union([
    open({
      color: Schema.Union([
        Schema.NonEmptyString,
        Schema.Tuple([Channel, Channel, Channel]),
        Schema.Tuple([Channel, Channel, Channel, Channel])
      ])
    }),
    open({ imageUrl: Schema.NonEmptyString })
  ])
})

const Token = Schema.RedactedFromValue(Schema.String)

/** The layers of a named map of the same account. */
export const NamedLayer = open({
  ...id,
  type: Schema.Literal("named"),
  options: open({
    name: Schema.NonEmptyString,
    /** Values of its placeholders. */
    config: Schema.optionalKey(Schema.Record(Schema.String, Schema.Json)),
    auth_tokens: Schema.optionalKey(Schema.Union([Token, Schema.Array(Token)]))
  })
})

/** An unknown type can end the process of the server (Maps reference, §5): it is refused here. */
export const MapLayer = Schema.Union([MapnikLayer, TorqueLayer, HttpLayer, PlainLayer, NamedLayer])
export type MapLayer = typeof MapLayer.Type

type Options<Fields extends Schema.Struct.Fields> = Schema.Struct.Type<typeof id> & Schema.Struct.Type<Fields>

/** Text, a statement whose values become literals, or the id of an analysis whose rows are drawn. */
export type LayerSource = string | Statement.Fragment | { readonly source: string }

const defaultVersion = "2.3.0"

/** Rows of a query, styled by CartoCSS, or as vector tiles without style. */
export const mapnik = (source: LayerSource, options: Options<typeof mapnikFields> = {}): MapLayer => {
  const { id, ...rest } = options
  const version = rest.cartocss === undefined ? {} : { cartocss_version: defaultVersion }
  return { ...named(id), type: "mapnik", options: { ...rows(source), ...version, ...rest } }
}

/** Points in time, drawn as an animation; its CartoCSS says of which column and in how many frames. */
export const torque = (
  sql: string | Statement.Fragment,
  cartocss: string,
  options: Options<typeof torqueFields> & { readonly cartocss_version?: string } = {}
): MapLayer => {
  const { id, ...rest } = options
  return {
    ...named(id),
    type: "torque",
    options: { sql: queryOf(sql), cartocss, cartocss_version: defaultVersion, ...rest }
  }
}

export const http = (urlTemplate: string, options: Options<typeof httpFields> = {}): MapLayer => {
  const { id, ...rest } = options
  return { ...named(id), type: "http", options: { urlTemplate, ...rest } }
}

/** A color by its CSS name, as hex, or as numbers from 0 to 255; or the address of a picture. */
export const plain = (
  fill: { readonly color: string | readonly [number, number, number] } | { readonly imageUrl: string },
  options: Schema.Struct.Type<typeof id> = {}
): MapLayer => ({ ...named(options.id), type: "plain", options: fill })

export const fromNamedMap = (
  name: string,
  options: Schema.Struct.Type<typeof id> & {
    readonly config?: Readonly<Record<string, Schema.Json>>
    readonly auth_tokens?: ReadonlyArray<Redacted.Redacted>
  } = {}
): MapLayer => {
  const { id, ...rest } = options
  return { ...named(id), type: "named", options: { name, ...rest } }
}

const named = (id: string | undefined) => (id === undefined ? {} : { id })

const queryOf = (sql: string | Statement.Fragment): string => (Predicate.isString(sql) ? sql : textOf(sql))

const rows = (source: LayerSource) =>
  Predicate.isObject(source) && "source" in source ? { source: { id: source.source } } : { sql: queryOf(source) }
