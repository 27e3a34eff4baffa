/** What a request asks of a dataview. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { quoteIdentifier } from "../../SqlText.ts"
import type { Access } from "../access.ts"
import { parameter } from "../exchange.ts"
import { substitute } from "../Frame.ts"
import { filtered } from "../filters.ts"
import { finite, type JsonObject } from "../json.ts"
import type { Dataview } from "../MapDefinition.ts"
import { badRequest, fromDatabase, type MapsError } from "../MapsError.ts"
import { columnsOf, query, subquery } from "../query.ts"
import { dataviewSql } from "../StoredMap.ts"
import { spatialFilter } from "./spatialFilter.ts"

/** A dataview's options, its rows, and the parameters of the query. */
export interface DataviewRequest {
  readonly options: JsonObject
  /** The rows that it sees, as a table of a FROM clause. */
  readonly from: string
  readonly role: string
  /** Whether its own filter is on. */
  readonly ownFilter: boolean
  /** Types of the columns by name. */
  readonly types: ReadonlyMap<string, string | undefined>
  /** A number of the query. */
  readonly number: (name: string) => number | undefined
  /** A text of the query. */
  readonly text: (name: string) => string | undefined
}

const numbers = ["own_filter", "no_filters", "start", "end", "bins", "offset", "categories"]

const checkNumbers = (access: Access): Effect.Effect<void, MapsError> => {
  const wrong = numbers.find((name) => {
    const text = parameter(access.exchange, name)
    return text !== undefined && finite(text) === undefined
  })
  return wrong === undefined ? Effect.void : Effect.fail(badRequest(`Invalid number format for parameter '${wrong}'`))
}

/** Reads the query and the columns. */
export const readRequest = Effect.fnUntraced(function* (access: Access, dataview: Dataview) {
  const { exchange, map, role } = access
  yield* checkNumbers(access)
  const number = (name: string) => finite(parameter(exchange, name))
  if (number("own_filter") !== undefined && number("no_filters") !== undefined) {
    const message = "Both own_filter and no_filters cannot be sent in the same request"
    return yield* badRequest(message, { type: "dataview" })
  }
  const ownFilter = number("own_filter") === 1
  const sql = substitute(dataviewSql(map, dataview, number("no_filters") === 1 ? "none" : ownFilter ? "all" : "others"))
  const area = yield* spatialFilter(exchange)
  const columns = yield* Effect.mapError(columnsOf(sql, role), (error) => fromDatabase(error))
  const request: DataviewRequest = {
    options: dataview.options,
    from: subquery(filtered(sql, area), "_rows"),
    role,
    ownFilter,
    types: new Map(columns.map(({ name, type }) => [name, type])),
    number,
    text: (name) => parameter(exchange, name)
  }
  return request
})

/** The rows of a statement; failures are those of the request. */
export const ask = ({ role }: DataviewRequest, sql: string) =>
  Effect.mapBoth(query(sql, role), { onSuccess: ({ rows }) => rows, onFailure: (error) => fromDatabase(error) })

/** An option that must be the name of a column. */
export const column = ({ options }: DataviewRequest, name: string): Effect.Effect<string, MapsError> => {
  const value = options[name]
  return Predicate.isString(value) && value !== ""
    ? Effect.succeed(value)
    : Effect.fail(badRequest(`Dataview expects "${name}" in widget options`))
}

const floats = new Set(["float4", "float8"])

/** Whether values of a column may be infinite or no number at all. */
export const isFloat = ({ types }: DataviewRequest, name: string): boolean => floats.has(types.get(name) ?? "")

/** The condition that a value is neither; values that cannot be are always finite. */
export const finiteOnly = (request: DataviewRequest, name: string): string => {
  const quoted = quoteIdentifier(name)
  return isFloat(request, name) ? `${quoted} NOT IN ('NaN'::float8, 'Infinity'::float8, '-Infinity'::float8)` : "true"
}

/** Two columns that count what is no number and what is infinite. */
export const strangeCounts = (request: DataviewRequest, name: string): string => {
  if (!isFloat(request, name)) return "0 AS nans, 0 AS infinities"
  const quoted = quoteIdentifier(name)
  return `count(*) FILTER (WHERE ${quoted} = 'NaN'::float8) AS nans,
    count(*) FILTER (WHERE ${quoted} IN ('Infinity'::float8, '-Infinity'::float8)) AS infinities`
}
