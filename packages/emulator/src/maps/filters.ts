/** The filters of `?filters=`, as conditions of SQL. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { Database } from "../Database.ts"
import { quoteIdentifier, quoteLiteral } from "../SqlText.ts"
import { elements, type JsonObject, member, members, parse } from "./json.ts"
import type { Dataview } from "./MapDefinition.ts"
import { badRequest, fromDatabase, type MapsError } from "./MapsError.ts"
import type { MapsSettings } from "./MapsSettings.ts"
import { columnsOf, subquery } from "./query.ts"

/** A filter that is on. Its own dataview may look past it. */
export interface Condition {
  readonly source: string
  readonly dataview: string | undefined
  readonly sql: string
}

interface Filter {
  readonly source: string
  readonly dataview: string | undefined
  readonly kind: "category" | "range"
  readonly column: string
  readonly params: JsonObject
}

/** A value as a literal of SQL. */
export const literal = (value: unknown): string =>
  Predicate.isNumber(value) || Predicate.isBoolean(value) ? String(value) : quoteLiteral(String(value))

const oneOf = (column: string, values: ReadonlyArray<unknown>): string => {
  const literals = values.filter(Predicate.isNotNull).map((value) => quoteLiteral(String(value)))
  const listed = literals.length === 0 ? "false" : `${column}::text IN (${literals.join(", ")})`
  return values.includes(null) ? `(${column} IS NULL OR ${listed})` : listed
}

const category = (column: string, { accept, reject }: JsonObject): Effect.Effect<string, MapsError> => {
  const conditions = [
    ...(Array.isArray(accept) ? [oneOf(column, accept)] : []),
    ...(Array.isArray(reject) ? [`NOT ${oneOf(column, reject)}`] : [])
  ]
  return conditions.length === 0
    ? Effect.fail(badRequest("Category filter expects at least one array in accept or reject params"))
    : Effect.succeed(conditions.join(" AND "))
}

const comparisons: Readonly<Record<string, string>> = {
  greater_than: ">",
  greater_than_or_equal: ">=",
  less_than: "<",
  less_than_or_equal: "<=",
  min: ">=",
  max: "<="
}

const range = (value: string, params: JsonObject): Effect.Effect<string, MapsError> => {
  const conditions = Object.entries(comparisons).flatMap(([name, operator]) => {
    const bound = params[name]
    return Predicate.isNumber(bound) ? [`${value} ${operator} ${bound}`] : []
  })
  return conditions.length === 0
    ? Effect.fail(
        badRequest(
          "Range filter expect to have at least one value in greater_than, greater_than_or_equal, less_than, less_than_or_equal, min, or max numeric params"
        )
      )
    : Effect.succeed(conditions.join(" AND "))
}

/** A column as a number: instants as seconds since the epoch. */
export const numeric = (name: string, type: string | undefined): string => {
  const column = quoteIdentifier(name)
  return type === "date" || type?.startsWith("timestamp") ? `extract(epoch FROM ${column})` : column
}

const ofDataview = (dataviews: ReadonlyMap<string, Dataview>, name: string, params: unknown): ReadonlyArray<Filter> => {
  const dataview = dataviews.get(name)
  const column = dataview?.options.column
  if (dataview === undefined || !Predicate.isString(column)) return []
  const kind = dataview.type === "histogram" ? "range" : "category"
  return dataview.type === "formula"
    ? []
    : [{ source: dataview.source, dataview: name, kind, column, params: members(params) }]
}

const ofNode = (source: string, value: unknown): ReadonlyArray<Filter> => {
  const [kind, column] = [member(value, "type"), member(value, "column")]
  return (kind === "category" || kind === "range") && Predicate.isString(column)
    ? [{ source, dataview: undefined, kind, column, params: members(member(value, "params")) }]
    : []
}

/** The filters of both forms; those of unknown dataviews, and text that is not JSON, are none. */
const readFilters = (text: string, dataviews: ReadonlyMap<string, Dataview>): ReadonlyArray<Filter> => {
  const filters = parse(text)
  const byName = [member(filters, "dataviews"), ...elements(member(filters, "layers"))]
  return [
    ...byName.flatMap((group) =>
      Object.entries(members(group)).flatMap(([name, params]) => ofDataview(dataviews, name, params))
    ),
    ...Object.entries(members(member(filters, "analyses"))).flatMap(([node, list]) =>
      elements(list).flatMap((value) => ofNode(node, value))
    )
  ]
}

/** The conditions that a request asks for. A source whose columns cannot be read fails as it does without filters. */
export const readConditions = (
  text: string | undefined,
  dataviews: ReadonlyMap<string, Dataview>,
  sourceSql: (source: string) => string | undefined,
  role: string
): Effect.Effect<ReadonlyArray<Condition>, MapsError, Database | MapsSettings> =>
  Effect.forEach(text === undefined ? [] : readFilters(text, dataviews), (filter) =>
    Effect.gen(function* () {
      const { column, dataview, kind, params, source } = filter
      const base = sourceSql(source)
      if (base === undefined) return []
      if (kind === "category") return [{ source, dataview, sql: yield* category(quoteIdentifier(column), params) }]
      const columns = yield* Effect.mapError(columnsOf(base, role), (error) => fromDatabase(error))
      const value = numeric(column, columns.find(({ name }) => name === column)?.type)
      return [{ source, dataview, sql: yield* range(value, params) }]
    })
  ).pipe(Effect.map((conditions) => conditions.flat()))

/** A query with conditions. */
export const filtered = (sql: string, conditions: ReadonlyArray<string>): string =>
  conditions.length === 0
    ? sql
    : `SELECT * FROM ${subquery(sql, "_filtered")} WHERE ${conditions.map((condition) => `(${condition})`).join(" AND ")}`
