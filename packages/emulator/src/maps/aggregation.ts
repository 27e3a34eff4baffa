/** Points gathered in the cells of a grid, so that a tile of very many stays small (maps reference, §6.7). */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { quoteIdentifier } from "../SqlText.ts"
import { literal } from "./filters.ts"
import { elements, finite, isJsonObject, type JsonObject, member, members } from "./json.ts"
import { badRequest, type LayerContext, type MapsError, unsupported } from "./MapsError.ts"
import { subquery } from "./query.ts"

/** Where the point of a cell stands: on one of its rows, in its middle, in the middle of its rows. */
export type Placement = "point-sample" | "point-grid" | "centroid"

/** A column by its name in tiles, and the expression that makes it. */
interface Output {
  readonly name: string
  readonly sql: string
}

/** What a layer asks for. */
export interface Aggregation {
  readonly placement: Placement
  readonly columns: ReadonlyArray<Output>
  readonly dimensions: ReadonlyArray<Output>
  /** On the names of columns and dimensions. */
  readonly conditions: ReadonlyArray<string>
  /** Side of a cell in pixels. */
  readonly resolution: number
  /** Layers with fewer rows are left as they are. */
  readonly threshold: number
  /** Whether features show all columns of the row that stands for its cell. */
  readonly showsSample: boolean
}

/** An aggregation that a layer is drawn with. */
export interface ActiveAggregation extends Aggregation {
  readonly geometryColumn: string
  /** All columns of the layer but geometries. */
  readonly layerColumns: ReadonlyArray<string>
}

const placements: Readonly<Record<string, Placement>> = {
  centroid: "centroid",
  "point-grid": "point-grid",
  "point-sample": "point-sample"
}

const functions: Readonly<Record<string, (column: string) => string>> = {
  count: (column) => `count(${column})`,
  avg: (column) => `avg(${column})`,
  sum: (column) => `sum(${column})`,
  min: (column) => `min(${column})`,
  max: (column) => `max(${column})`,
  mode: (column) => `mode() WITHIN GROUP (ORDER BY ${column})`
}

/** `{out: {aggregate_function, aggregated_column}}` */
export const readColumns = (value: unknown): Effect.Effect<ReadonlyArray<Output>, MapsError> =>
  Effect.forEach(Object.entries(members(value)), ([name, column]) => {
    const wanted = member(column, "aggregate_function")
    const of = member(column, "aggregated_column")
    const aggregate = functions[String(wanted)]
    if (aggregate === undefined) {
      const valid = Object.keys(functions).join(", ")
      return Effect.fail(badRequest(`Unsupported aggregation function ${String(wanted)}, valid ones: ${valid}`))
    }
    const argument = Predicate.isString(of) ? quoteIdentifier(of) : wanted === "count" ? "*" : undefined
    return argument === undefined
      ? Effect.fail(badRequest("Missing parameter 'aggregated_column'"))
      : Effect.succeed({ name, sql: aggregate(argument) })
  })

const readDimensions = (value: unknown): Effect.Effect<ReadonlyArray<Output>, MapsError> =>
  Effect.forEach(Object.entries(members(value)), ([name, dimension]) => {
    if (member(dimension, "group") !== undefined) return Effect.fail(unsupported("dimensions by time"))
    const column = isJsonObject(dimension) ? dimension.column : dimension
    return Predicate.isString(column)
      ? Effect.succeed({ name, sql: quoteIdentifier(column) })
      : Effect.fail(badRequest(`Invalid dimension '${name}'`))
  })

const operators: Readonly<Record<string, string>> = {
  equal: "=",
  not_equal: "<>",
  less_than: "<",
  less_than_or_equal_to: "<=",
  greater_than: ">",
  greater_than_or_equal_to: ">="
}

const comparison = (column: string, condition: unknown): string => {
  const parts = Object.entries(members(condition)).flatMap(([name, value]) => {
    const list = elements(value).map(literal).join(", ")
    if (name === "in") return [list === "" ? "false" : `${column} IN (${list})`]
    if (name === "not_in") return [list === "" ? "true" : `${column} NOT IN (${list})`]
    const operator = operators[name]
    return operator === undefined ? [] : [`${column} ${operator} ${literal(value)}`]
  })
  return parts.length === 0 ? "true" : `(${parts.join(" AND ")})`
}

const readConditions = (value: unknown): ReadonlyArray<string> =>
  Object.entries(members(value)).map(([name, conditions]) => {
    const list: ReadonlyArray<unknown> = Array.isArray(conditions) ? conditions : [conditions]
    return `(${list.map((condition) => comparison(quoteIdentifier(name), condition)).join(" OR ")})`
  })

const readPositive = (options: JsonObject, name: string, fallback: number): Effect.Effect<number, MapsError> => {
  if (options[name] === undefined) return Effect.succeed(fallback)
  const number = finite(options[name])
  return number !== undefined && number > 0
    ? Effect.succeed(number)
    : Effect.fail(badRequest(`Invalid ${name}, should be a number greater than 0`))
}

/** Rows from which on layers without styles are aggregated unasked. */
const defaultThreshold = 100_000

/** Reads a layer's option `aggregation`. Failures tell the layer. */
export const readAggregation = (value: unknown, layer: LayerContext): Effect.Effect<Aggregation, MapsError> =>
  Effect.gen(function* () {
    const options = members(value)
    const placement = placements[String(options.placement ?? "point-sample")]
    if (placement === undefined) {
      return yield* badRequest(`Invalid placement. Valid values: ${Object.keys(placements).join(", ")}`)
    }
    return {
      placement,
      resolution: yield* readPositive(options, "resolution", 1),
      threshold: yield* readPositive(options, "threshold", defaultThreshold),
      columns: yield* readColumns(options.columns),
      dimensions: yield* readDimensions(options.dimensions),
      conditions: readConditions(options.filters),
      showsSample: ["placement", "columns", "dimensions", "filters"].every((name) => options[name] === undefined)
    }
  }).pipe(
    Effect.mapError((error) => (error.status === 501 ? error : badRequest(error.message, { type: "layer", layer })))
  )

/** The cell of a point, as two whole numbers. */
const cell = ({ geometryColumn, resolution }: ActiveAggregation): string => {
  const geometry = quoteIdentifier(geometryColumn)
  const side = `(!pixel_width! * ${resolution})`
  return `floor(ST_X(${geometry}) / ${side}) AS _cell_x, floor(ST_Y(${geometry}) / ${side}) AS _cell_y`
}

const outputs = (list: ReadonlyArray<Output>): string =>
  list.map(({ name, sql }) => `${sql} AS ${quoteIdentifier(name)}, `).join("")

const names = (list: ReadonlyArray<Output>): string =>
  list.map(({ name }) => `, _cells.${quoteIdentifier(name)}`).join("")

/** The query of a tile's cells: in it stand the marks of the renderer for box and pixel size. */
export const aggregatedSql = (sql: string, aggregation: ActiveAggregation): string => {
  const { columns, conditions, dimensions, layerColumns, placement, resolution, showsSample } = aggregation
  const geometry = quoteIdentifier(aggregation.geometryColumn)
  const groups = ["_cell_x", "_cell_y", ...dimensions.map((_, index) => String(index + 3))].join(", ")
  const positions: Readonly<Record<Placement, string>> = {
    "point-sample": `_sample.${geometry}`,
    "point-grid": `ST_SetSRID(ST_MakePoint((_cell_x + 0.5) * !pixel_width! * ${resolution}, (_cell_y + 0.5) * !pixel_width! * ${resolution}), 3857)`,
    centroid: "ST_SetSRID(ST_MakePoint(_cells._mean_x, _cells._mean_y), 3857)"
  }
  const sample = showsSample
    ? layerColumns
        .filter((name) => name !== "cartodb_id")
        .map((name) => `, _sample.${quoteIdentifier(name)}`)
        .join("")
    : ""
  const all = `SELECT ${positions[placement]} AS ${geometry}, _cells.cartodb_id${names(dimensions)}, _cells._cdb_feature_count${names(columns)}${sample}
    FROM (
      SELECT _cell_x, _cell_y, ${outputs(dimensions)}min(cartodb_id) AS cartodb_id, count(*) AS _cdb_feature_count, ${outputs(columns)}
        avg(ST_X(${geometry})) AS _mean_x, avg(ST_Y(${geometry})) AS _mean_y
      FROM (SELECT *, ${cell(aggregation)} FROM ${subquery(sql, "_points")} WHERE ${geometry} && !bbox!) AS _placed
      GROUP BY ${groups}
    ) AS _cells
    ${placement === "point-sample" ? `JOIN ${subquery(sql, "_sample")} ON _sample.cartodb_id = _cells.cartodb_id` : ""}`
  return conditions.length === 0 ? all : `SELECT * FROM (${all}) AS _all WHERE ${conditions.join(" AND ")}`
}

/** The rows of the cell in which a row lies, with the marks of the renderer for the pixel size. */
export const clusterSql = (sql: string, aggregation: ActiveAggregation, id: number): string => {
  const same = ["_cell_x", "_cell_y", ...aggregation.dimensions.map(({ sql }) => sql)]
    .map((name) => `_placed.${name} IS NOT DISTINCT FROM _one.${name}`)
    .join(" AND ")
  const columns = aggregation.layerColumns.map((name) => `_placed.${quoteIdentifier(name)}`).join(", ")
  return `WITH _placed AS (SELECT *, ${cell(aggregation)} FROM ${subquery(sql, "_points")})
    SELECT ${columns} FROM _placed JOIN _placed AS _one ON ${same} WHERE _one.cartodb_id = ${id}`
}
