/** Makes a map of a configuration: checks it as the servers do, stores it, and tells what was made. */
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import { Database } from "../Database.ts"
import { type QueryTable, queryTables } from "../QueryTables.ts"
import { addHeaders } from "../routes/endpoint.ts"
import { aggregatedSql } from "./aggregation.ts"
import { checkLayers } from "./checkLayers.ts"
import type { MapsExchange } from "./exchange.ts"
import { substitute } from "./Frame.ts"
import { readConditions } from "./filters.ts"
import { elements, isJsonObject, type JsonObject, member } from "./json.ts"
import { isStyled, type Layer } from "./Layer.ts"
import { mapId } from "./LayergroupId.ts"
import { type MapDefinition, readDefinition } from "./MapDefinition.ts"
import { MapStore } from "./MapStore.ts"
import { badRequest, fromDatabase } from "./MapsError.ts"
import { checkNamedLayers } from "./namedLayers.ts"
import { type PreparedLayer, prepareLayers } from "./prepareLayers.ts"
import { columnsOf } from "./query.ts"
import { type StoredMap, sourceSql, type TemplateAuth } from "./StoredMap.ts"
import { layerStats } from "./stats.ts"
import { torqueMeta } from "./torque.ts"

/** A configuration, and on whose behalf a map is made of it. */
export interface Instantiation {
  readonly exchange: MapsExchange
  readonly json: JsonObject
  /** Whose rights read the data. */
  readonly role: string
  /** Whether these are the owner's rights. */
  readonly isOwner: boolean
  readonly filters: string | undefined
  readonly aggregation: string | undefined
  /** The template that was filled, as it is part of the map's id, and who may use the map. */
  readonly template?: { readonly json: JsonObject; readonly auth: TemplateAuth } | undefined
}

/** A map, and what is told of its layers. */
export interface Instantiated {
  readonly map: StoredMap
  readonly metas: ReadonlyArray<JsonObject>
}

/** Fails with the node's name, before anything else is looked at. */
const checkSources = ({ sources }: MapDefinition, role: string) =>
  Effect.forEach(
    sources,
    ([id, sql]) =>
      Effect.mapError(columnsOf(sql, role), (error) =>
        fromDatabase(error, { type: "analysis", analysis: { id, node_id: id, type: "source" } })
      ),
    { discard: true }
  )

/** The configuration as it is hashed: with the queries that tiles are really made of. */
const finalJson = (definition: MapDefinition, layers: ReadonlyArray<Layer>): JsonObject => ({
  ...definition.json,
  layers: elements(definition.json.layers).map((value, index) => {
    const layer = layers[index]
    const options = member(value, "options")
    if (layer === undefined || !isJsonObject(value) || !isJsonObject(options) || options.sql === undefined) return value
    const sql = layer.aggregation === undefined ? layer.sql : aggregatedSql(layer.sql, layer.aggregation)
    return sql === options.sql ? value : { ...value, options: { ...options, sql } }
  })
})

const meta = Effect.fnUntraced(function* (prepared: PreparedLayer, role: string) {
  const { columns, count, datesAsNumbers, layer, mayAggregate } = prepared
  if (layer.type === "torque") return yield* torqueMeta(layer, role)
  if (layer.type !== "mapnik") return { ...(isStyled(layer) ? { cartocss: layer.options.cartocss } : {}), stats: {} }
  const stats = yield* Effect.orElseSucceed(layerStats(layer, columns, count, role), () => ({
    estimatedFeatureCount: -1
  }))
  const isActive = layer.aggregation !== undefined
  return {
    ...(isStyled(layer) ? { cartocss: layer.options.cartocss } : {}),
    stats,
    ...(isStyled(layer) ? { cartocss_meta: { rules: [] } } : {}),
    ...(mayAggregate ? { aggregation: { png: isActive && isStyled(layer), mvt: isActive } } : {}),
    ...(datesAsNumbers.length === 0 ? {} : { dates_as_numbers: datesAsNumbers })
  }
})

/** The tables behind all queries of a map, newest change first. */
const tablesOf = (definition: MapDefinition, layers: ReadonlyArray<Layer>) => {
  const affected = layers
    .flatMap(({ options }) => elements(options.affected_tables))
    // Anything but a name would be SQL of whoever asks, explained with the owner's rights.
    .filter((table) => /^[\w."]+$/.test(String(table)))
    .map((table) => `SELECT * FROM ${String(table)}`)
  const queries = [...layers.map(({ sql }) => sql), ...definition.sources.values(), ...affected].filter(
    (sql) => sql !== ""
  )
  return Effect.map(
    queryTables(queries.map((sql) => substitute(sql)).join(";\n")),
    Option.getOrElse(() => [])
  )
}

const busterOf = (tables: ReadonlyArray<QueryTable>): number =>
  Math.max(0, ...tables.map(({ updatedAt }) => updatedAt ?? 0))

/** Reads a map and its data. The id stands on the answer as soon as there is one, on refusals, too. */
const prepare = Effect.fnUntraced(function* (asked: Instantiation) {
  const { aggregation, role } = asked
  if (aggregation !== undefined && aggregation !== "true" && aggregation !== "false") {
    return yield* badRequest(`Invalid aggregation query param value: ${aggregation}. It must be true or false`)
  }
  yield* checkNamedLayers(asked.exchange, asked.json)
  const definition = yield* readDefinition(asked.json, asked.isOwner)
  yield* checkSources(definition, role)
  const source = (id: string) => sourceSql(definition, id)
  const conditions = yield* readConditions(asked.filters, definition.dataviews, source, role)
  const prepared = yield* prepareLayers(definition, conditions, { role, aggregation })
  const layers = prepared.map(({ layer }) => layer)
  const json = {
    ...finalJson(definition, layers),
    ...(conditions.length === 0 ? {} : { conditions }),
    ...(asked.template === undefined ? {} : { template: asked.template.json })
  }
  const id = mapId(json, (yield* Database).name, role)
  yield* addHeaders({ "carto-map-id": id })
  const tables = yield* tablesOf(definition, layers)
  const map: StoredMap = {
    id,
    definition,
    layers,
    conditions,
    auth: asked.template?.auth,
    tables,
    buster: busterOf(tables)
  }
  return { map, prepared }
})

/** Checks and stores a map. */
export const instantiate = Effect.fnUntraced(function* (asked: Instantiation) {
  const { role } = asked
  const { map, prepared } = yield* prepare(asked)
  const { statTag } = map.definition
  yield* addHeaders({ "carto-cache-buster": "0" })
  yield* checkLayers(prepared, map.definition, role)
  const metas = yield* Effect.forEach(prepared, (layer) => meta(layer, role))
  yield* (yield* MapStore).put(map)
  yield* addHeaders({
    "carto-cache-buster": String(map.buster),
    ...(statTag === undefined ? {} : { "carto-stat-tag": statTag })
  })
  return { map, metas } satisfies Instantiated
})

/** A map for one answer: not checked as a whole, and not stored. */
export const instantiateOnce = Effect.fnUntraced(function* (asked: Instantiation) {
  return (yield* prepare(asked)).map
})
