/** What the answer of an instantiation tells about a layer's data (maps reference, §7.3). */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { quoteIdentifier } from "../SqlText.ts"
import { aggregatedSql } from "./aggregation.ts"
import { envelope, ofTile, substitute } from "./Frame.ts"
import { elements, finite, isJsonObject, type JsonObject, member } from "./json.ts"
import { geometryColumn, type Layer } from "./Layer.ts"
import { type Column, query, subquery } from "./query.ts"

const numbers = new Set(["int2", "int4", "int8", "float4", "float8", "numeric", "oid"])
const texts = new Set(["text", "varchar", "bpchar", "name", "uuid"])
const dates = new Set(["date", "timestamp", "timestamptz"])

/** A column's type in the API's own words. */
const typeName = (type = ""): string => {
  if (type.startsWith("_")) return `${typeName(type.slice(1))}[]`
  if (numbers.has(type)) return "number"
  if (texts.has(type)) return "string"
  if (dates.has(type)) return "date"
  if (type === "bool") return "boolean"
  return type
}

const defaultCategories = 1024
const defaultSample = 100

const columnStats = Effect.fnUntraced(function* (from: string, { name, type }: Column, options: unknown, role: string) {
  const column = quoteIdentifier(name)
  const kind = typeName(type)
  if (kind === "number" || kind === "date") {
    const functions = kind === "date" ? ["min", "max"] : ["min", "max", "avg", "sum"]
    const { rows } = yield* query(
      `SELECT ${functions.map((each) => `${each}(${column}) AS ${each}`).join(", ")} FROM ${from}`,
      role
    )
    return rows[0] ?? {}
  }
  if (kind !== "string") return {}
  const count = Math.trunc(finite(member(options, "topCategories")) ?? defaultCategories)
  const includesNulls = member(options, "includeNulls") !== false
  const { rows } = yield* query(
    `SELECT ${column} AS category, count(*) AS frequency FROM ${from} ${includesNulls ? "" : `WHERE ${column} IS NOT NULL`}
      GROUP BY 1 ORDER BY 2 DESC, 1 LIMIT ${count}`,
    role
  )
  return { categories: rows }
})

const columnsWithStats = (from: string, columns: ReadonlyArray<Column>, options: unknown, role: string) =>
  Effect.forEach(columns, (column) =>
    Effect.map(
      options === undefined || options === false ? Effect.succeed({}) : columnStats(from, column, options, role),
      (stats) => [column.name, { type: typeName(column.type), ...stats }] as const
    )
  ).pipe(Effect.map(Object.fromEntries))

const dimensions = (from: string, { aggregation }: Layer, columns: ReadonlyArray<Column>, role: string) =>
  Effect.forEach(aggregation?.dimensions ?? [], ({ name, sql }) =>
    query(`SELECT min(${sql}) AS min, max(${sql}) AS max FROM ${from}`, role).pipe(
      Effect.map(({ rows }) => {
        const column = columns.find((column) => quoteIdentifier(column.name) === sql)
        return [name, { ...rows[0], type: typeName(column?.type), params: {} }] as const
      })
    )
  ).pipe(Effect.map(Object.fromEntries))

const sample = (from: string, options: unknown, role: string) => {
  const count = Math.trunc(finite(member(options, "num_rows")) ?? defaultSample)
  const columns = elements(member(options, "include_columns")).filter(Predicate.isString)
  const list = columns.length === 0 ? "*" : columns.map(quoteIdentifier).join(", ")
  return Effect.map(query(`SELECT ${list} FROM ${from} ORDER BY random() LIMIT ${count}`, role), ({ rows }) => rows)
}

/** The type of the layer's first geometry, such as `ST_Point`. */
export const geometryType = (layer: Layer, role: string) => {
  const column = quoteIdentifier(geometryColumn(layer))
  const from = subquery(substitute(layer.sql), "_layer")
  return Effect.map(
    query(`SELECT ST_GeometryType(${column}) AS type FROM ${from} WHERE ${column} IS NOT NULL LIMIT 1`, role),
    ({ rows }) => rows[0]?.type
  )
}

/** How many rows a layer has: counted, where the real servers ask PostgreSQL's planner. -1 where that fails. */
export const countRows = (sql: string, role: string) =>
  query(`SELECT count(*) AS n FROM ${subquery(substitute(sql), "_layer")}`, role).pipe(
    Effect.map(({ rows }) => finite(rows[0]?.n) ?? -1),
    Effect.orElseSucceed(() => -1)
  )

/** The member `stats` of a layer: a count, and what its option `metadata` asks for. */
export const layerStats = Effect.fnUntraced(function* (
  layer: Layer,
  columns: ReadonlyArray<Column>,
  count: number,
  role: string
) {
  const asked: unknown = layer.options.metadata
  if (!isJsonObject(asked)) return { estimatedFeatureCount: count }
  const from = subquery(substitute(layer.sql), "_layer")
  const stats: Record<string, unknown> = {}
  if (asked.sample) stats.sample = yield* sample(from, asked.sample, role)
  stats.estimatedFeatureCount = count
  if (asked.featureCount) stats.featureCount = count
  if (asked.aggrFeatureCount !== undefined) stats.aggrFeatureCount = yield* aggregatedCount(layer, count, asked, role)
  if (asked.geometryType) stats.geometryType = yield* geometryType(layer, role)
  if (asked.columns || asked.columnStats) {
    stats.columns = yield* columnsWithStats(from, columns, asked.columnStats, role)
  }
  stats.dimensions = yield* dimensions(from, layer, columns, role)
  const result: JsonObject = stats
  return result
})

/** How many cells the rows fall into at a zoom; as many as there are rows where the layer is not aggregated. */
const aggregatedCount = ({ aggregation, ...layer }: Layer, count: number, asked: JsonObject, role: string) => {
  if (aggregation === undefined) return Effect.succeed(count)
  const world = { ...ofTile(0, 0, 0), zoom: finite(asked.aggrFeatureCount) ?? 0 }
  return countRows(
    substitute(aggregatedSql(layer.sql, aggregation).replaceAll("!bbox!", envelope(ofTile(0, 0, 0))), world),
    role
  )
}
