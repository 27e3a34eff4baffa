/**
 * What an anonymous map is, and the inner part of a named one (Maps reference, §6).
 *
 * ```ts
 * const config = MapConfig.make(
 *   [
 *     MapLayer.plain({ color: "#d8e2e8" }),
 *     MapLayer.mapnik(sql`select * from cities where population > ${100_000}`, { id: "cities", cartocss })
 *   ],
 *   { analyses: [MapConfig.source("a0", "select * from cities")], dataviews: { total: Dataview.formula("a0", "count") } }
 * )
 * ```
 */
import type * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"
import type * as Statement from "effect/sql/Statement"
import type { CartoError } from "./CartoError.ts"
import { Dataview } from "./Dataview.ts"
import { decoded } from "./internal/mapBody.ts"
import { open } from "./internal/open.ts"
import { textOf } from "./internal/sqlCompiler.ts"
import { MapLayer } from "./MapLayer.ts"

/** A step of an analysis. Types other than `source` write tables, and need a key that may (Maps reference, §11). */
export const Analysis = open({
  id: Schema.optionalKey(Schema.String),
  type: Schema.NonEmptyString,
  params: Schema.optionalKey(Schema.Record(Schema.String, Schema.Json))
})
export type Analysis = typeof Analysis.Type

const isVersion = Schema.isPattern(/^1\.[0-8]\.\d+$/, { expected: "a version from 1.0.0 to 1.8.0" })

/** Pixels that are drawn beyond the edge of a tile, for each format; in templates placeholders may stand for them. */
const Pixels = Schema.optionalKey(
  Schema.Union([
    Schema.Finite,
    Schema.String.check(Schema.isPattern(/^<%=.*%>$/, { expected: "a number, or a placeholder" }))
  ])
)

const BufferSize = open({ png: Pixels, png32: Pixels, "grid.json": Pixels, mvt: Pixels })

/** A key in a map would be stored with it, and given to everybody who reads it back (Maps reference, §17). */
const keyless = Schema.makeFilter(
  (value: object) => !["api_key", "map_key"].some((name) => Predicate.hasProperty(value, name)),
  { expected: "no API key" }
)

export const MapConfig = open({
  /** Default of the server 1.0.0; `make` writes 1.8.0. */
  version: Schema.optionalKey(Schema.String.check(isVersion)),
  /** Bottom first. */
  layers: Schema.Array(MapLayer),
  buffersize: Schema.optionalKey(BufferSize),
  dataviews: Schema.optionalKey(Schema.Record(Schema.String, Dataview)),
  analyses: Schema.optionalKey(Schema.Array(Analysis)),
  stat_tag: Schema.optionalKey(Schema.String)
}).check(keyless)
export type MapConfig = typeof MapConfig.Type

export interface MapConfigOptions {
  readonly version?: string
  readonly buffersize?: typeof BufferSize.Type
  readonly dataviews?: Readonly<Record<string, Dataview>>
  readonly analyses?: ReadonlyArray<Analysis>
  readonly stat_tag?: string
}

export const make = (layers: ReadonlyArray<MapLayer>, options: MapConfigOptions = {}): MapConfig => ({
  version: "1.8.0",
  layers,
  ...options
})

/** Of a file; a `ValidationError` says what is not right. */
export const fromJson = (json: unknown): Effect.Effect<MapConfig, CartoError> =>
  decoded("MapConfig.fromJson", "the map", MapConfig, json)

/** The rows of a query, as what dataviews and further analyses begin with. */
export const source = (id: string, sql: string | Statement.Fragment): Analysis => ({
  id,
  type: "source",
  params: { query: Predicate.isString(sql) ? sql : textOf(sql) }
})
