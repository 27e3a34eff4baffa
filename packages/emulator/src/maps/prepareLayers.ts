/** The layers of a map with their filters, aggregation and dates, and what is known of their data. */
import * as Effect from "effect/Effect"
import type { Database } from "../Database.ts"
import { quoteIdentifier } from "../SqlText.ts"
import { type ActiveAggregation, readAggregation } from "./aggregation.ts"
import { type Condition, filtered } from "./filters.ts"
import { elements, isJsonObject, type JsonObject } from "./json.ts"
import { context, geometryColumn, isStyled, type Layer, readLayers } from "./Layer.ts"
import { layerSource, type MapDefinition, sourceOf } from "./MapDefinition.ts"
import { badRequest, fromDatabase, layerText, type MapsError } from "./MapsError.ts"
import type { MapsSettings } from "./MapsSettings.ts"
import { type Column, columnsOf, columnsStatement, subquery } from "./query.ts"
import { sourceSql } from "./StoredMap.ts"
import { countRows, geometryType } from "./stats.ts"

/** A layer, and what the validation of a map has found out about it. */
export interface PreparedLayer {
  readonly layer: Layer
  readonly columns: ReadonlyArray<Column>
  /** Rows; -1 where they cannot be counted. */
  readonly count: number
  /** Whether aggregation was considered at all. */
  readonly mayAggregate: boolean
  readonly datesAsNumbers: ReadonlyArray<string>
  /** Why the columns cannot be read: told later, when the map has an id. */
  readonly failure: MapsError | undefined
}

const isDate = ({ type }: Column): boolean => type === "date" || (type?.startsWith("timestamp") ?? false)

/** The query with its dates as seconds since the epoch. */
const withNumbers = (sql: string, columns: ReadonlyArray<Column>): string =>
  `SELECT ${columns
    .map((column) => {
      const name = quoteIdentifier(column.name)
      return isDate(column) ? `extract(epoch FROM ${name})::float8 AS ${name}` : name
    })
    .join(", ")} FROM ${subquery(sql, "_dated")}`

/** What the layer asks for; layers without styles are aggregated unasked when they are large. */
const askedAggregation = (layer: Layer, isVector: boolean, parameter: string | undefined): unknown => {
  if (parameter === "false") return false
  const own: unknown = layer.options.aggregation
  if (own !== undefined) return own
  return parameter === "true" || isVector
}

const aggregate = Effect.fnUntraced(function* (
  layer: Layer,
  asked: unknown,
  columns: ReadonlyArray<Column>,
  count: number,
  role: string
): Effect.fn.Return<ActiveAggregation | undefined, MapsError, Database | MapsSettings> {
  const aggregation = yield* readAggregation(isJsonObject(asked) ? asked : {}, context(layer))
  const type = yield* Effect.orElseSucceed(geometryType(layer, role), () => undefined)
  if (type !== undefined && type !== "ST_Point") {
    if (!isStyled(layer)) return undefined
    const message = `Unsupported geometry type: ${String(type)}. Aggregation is available only for geometry type: ST_Point`
    return yield* badRequest(message, { type: "layer", layer: context(layer) })
  }
  if (count < aggregation.threshold) return undefined
  return {
    ...aggregation,
    geometryColumn: geometryColumn(layer),
    layerColumns: columns.flatMap(({ name, type }) => (type === "geometry" ? [] : [name]))
  }
})

/** Columns that do not exist are told before the map has an id, other errors of a layer's SQL after it. */
const readColumns = (layer: Layer, role: string) =>
  Effect.matchEffect(columnsOf(layer.sql, role), {
    onSuccess: (columns) => Effect.succeed({ columns, failure: undefined }),
    onFailure: (error) => {
      const isMissing = error.message.includes("does not exist")
      if (isMissing && isStyled(layer)) return Effect.fail(fromDatabase(error))
      const text = layerText(error, columnsStatement(layer.sql), layer.id)
      const failure = isStyled(layer)
        ? fromDatabase(error, { type: "layer", subtype: "query", layer: context(layer) }, text)
        : fromDatabase(error, {}, `PgMvtFactory: ${error.message}`)
      return Effect.succeed({ columns: [], failure })
    }
  })

/** Reads the layers of a definition and looks at their data. */
export const prepareLayers = Effect.fnUntraced(function* (
  definition: MapDefinition,
  conditions: ReadonlyArray<Condition>,
  options: { readonly role: string; readonly aggregation: string | undefined }
) {
  const { role } = options
  const sqlOf = (index: number, layerOptions: JsonObject): string => {
    const source = sourceOf(index, layerOptions)
    const sql = sourceSql(definition, source) ?? sourceSql(definition, layerSource(index)) ?? ""
    return filtered(
      sql,
      conditions.flatMap((condition) => (condition.source === source ? [condition.sql] : []))
    )
  }
  const layers = yield* readLayers(elements(definition.json.layers), sqlOf)
  const isVector =
    layers.some(({ type }) => type === "mapnik") && !layers.some((layer) => layer.type === "mapnik" && isStyled(layer))
  return yield* Effect.forEach(
    layers,
    Effect.fnUntraced(function* (layer) {
      const nothing = { layer, columns: [], count: -1, mayAggregate: false, datesAsNumbers: [], failure: undefined }
      if (layer.sql === "" || (layer.type !== "mapnik" && layer.type !== "torque"))
        return nothing satisfies PreparedLayer
      const { columns, failure } = yield* readColumns(layer, role)
      if (failure !== undefined || layer.type === "torque") return { ...nothing, columns, failure }
      const dates = layer.options.dates_as_numbers === true ? columns.filter(isDate).map(({ name }) => name) : []
      const dated = dates.length === 0 ? layer : { ...layer, sql: withNumbers(layer.sql, columns) }
      const asked = askedAggregation(layer, isVector, options.aggregation)
      const mayAggregate = asked !== undefined && asked !== false
      // Wrong options are told before the data is looked at.
      if (mayAggregate && isJsonObject(asked)) yield* readAggregation(asked, context(layer))
      const count = yield* countRows(dated.sql, role)
      const aggregation = mayAggregate ? yield* aggregate(dated, asked, columns, count, role) : undefined
      return { ...nothing, layer: { ...dated, aggregation }, columns, count, mayAggregate, datesAsNumbers: dates }
    })
  )
})
