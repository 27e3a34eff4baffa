/** A layer of a map, read from its configuration. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import type { ActiveAggregation } from "./aggregation.ts"
import { elements, finite, isJsonObject, type JsonObject, member } from "./json.ts"
import { badRequest, type LayerContext, type MapsError } from "./MapsError.ts"

/** The types as answers tell them. */
export type LayerType = "mapnik" | "torque" | "http" | "plain"

/** A layer and the query that it shows. */
export interface Layer {
  readonly index: number
  /** `pts`, or `layer0`, `torque-layer0`, … where the configuration gives none. */
  readonly id: string
  /** Whether the configuration gives the id: others cannot be used to choose a layer. */
  readonly hasOwnId: boolean
  readonly type: LayerType
  /** The type as it was sent, of which some errors speak. */
  readonly sentType: string
  readonly options: JsonObject
  /** The query with filters and the option `sql_wrap`, without aggregation. */
  readonly sql: string
  /** The same without `sql_wrap`: what attributes are read from. */
  readonly rawSql: string
  readonly aggregation: ActiveAggregation | undefined
}

const typeNames: Readonly<Record<string, LayerType>> = {
  mapnik: "mapnik",
  cartodb: "mapnik",
  torque: "torque",
  http: "http",
  plain: "plain"
}

const readType = (type: unknown): LayerType | undefined =>
  type === undefined ? "mapnik" : Predicate.isString(type) ? typeNames[type] : undefined

/** How errors name a layer. */
export const context = ({ id, index, type }: Layer): LayerContext => ({ id, index, type })

/** Whether it can be drawn as an image. */
export const isStyled = ({ options }: Layer): boolean => options.cartocss !== undefined

/** The columns that a grid tells of its features. */
export const interactivity = (options: JsonObject): ReadonlyArray<string> => {
  const { interactivity: columns } = options
  return Predicate.isString(columns)
    ? columns.split(",").filter((column) => column !== "")
    : elements(columns).filter(Predicate.isString)
}

/** The option `attributes`. */
export interface Attributes {
  readonly id: string
  readonly columns: ReadonlyArray<string>
}

/** The columns that a feature tells when asked for by its id. */
export const attributes = ({ options }: Layer): Attributes | undefined => {
  const id = member(options.attributes, "id")
  const columns = elements(member(options.attributes, "columns")).filter(Predicate.isString)
  return Predicate.isString(id) && columns.length > 0 ? { id, columns } : undefined
}

/** The column that is shown. */
export const geometryColumn = ({ options }: Layer): string =>
  Predicate.isString(options.geom_column) ? options.geom_column : "the_geom_webmercator"

/** The system of coordinates of its geometry. */
export const srid = ({ options }: Layer): number => finite(options.srid) ?? 3857

/** Whether the layer is part of tiles of a zoom. */
export const isVisibleAt = ({ options }: Layer, zoom: number): boolean =>
  zoom >= (finite(options.minzoom) ?? 0) && zoom <= (finite(options.maxzoom) ?? Number.POSITIVE_INFINITY)

const wrapped = (sql: string, options: JsonObject): string =>
  Predicate.isString(options.sql_wrap) && sql !== "" ? options.sql_wrap.replace(/<%=\s*sql\s*%>/g, () => sql) : sql

/** The layers of a configuration; their queries are told by `sqlOf`. */
export const readLayers = (
  layers: ReadonlyArray<unknown>,
  sqlOf: (index: number, options: JsonObject) => string
): Effect.Effect<ReadonlyArray<Layer>, MapsError> => {
  const counts: Record<LayerType, number> = { mapnik: 0, torque: 0, http: 0, plain: 0 }
  return Effect.forEach(layers, (value, index) => {
    const type = readType(member(value, "type"))
    const options = member(value, "options")
    if (type === undefined) {
      return Effect.fail(badRequest(`Unsupported layer type '${String(member(value, "type"))}' of layer ${index}`))
    }
    if (!isJsonObject(options)) return Effect.fail(badRequest(`Missing options of layer ${index}`))
    const number = counts[type]++
    const id = member(value, "id")
    const sentType = member(value, "type")
    return Effect.succeed<Layer>({
      index,
      id: Predicate.isString(id) && id !== "" ? id : `${type === "mapnik" ? "" : `${type}-`}layer${number}`,
      hasOwnId: Predicate.isString(id) && id !== "",
      type,
      sentType: Predicate.isString(sentType) ? sentType : "mapnik",
      options,
      sql: wrapped(sqlOf(index, options), options),
      rawSql: sqlOf(index, options),
      aggregation: undefined
    })
  })
}
