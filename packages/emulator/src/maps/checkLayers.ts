/** What a map's layers must pass before it is stored: the servers draw a far-away tile of each (maps reference, §5). */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { quoteIdentifier } from "../SqlText.ts"
import { ofTile, substitute } from "./Frame.ts"
import { featureOptions } from "./featureOptions.ts"
import { features } from "./features.ts"
import { finite } from "./json.ts"
import { attributes, context, geometryColumn, interactivity, isStyled, type Layer } from "./Layer.ts"
import type { MapDefinition } from "./MapDefinition.ts"
import { badRequest, fromDatabase, MapsError, renderTimeout, unsupported } from "./MapsError.ts"
import type { PreparedLayer } from "./prepareLayers.ts"
import { query, subquery } from "./query.ts"
import { readStylesheet } from "./render/cartocss/readStylesheet.ts"

const maxExtent = 2_147_483_647

/** Both options of the extent, where they are wrong. */
const wrongExtent = ({ layer: { options } }: PreparedLayer): string | undefined => {
  const extent = options.vector_extent === undefined ? undefined : finite(options.vector_extent)
  const isWrong = (value: unknown, most: number) => {
    const number = finite(value)
    return value !== undefined && (number === undefined || !Number.isInteger(number) || number < 1 || number > most)
  }
  if (isWrong(options.vector_extent, maxExtent)) return `Invalid vector_extent. Must be between 1 and ${maxExtent}`
  const most = extent ?? 4096
  return isWrong(options.vector_simplify_extent, most)
    ? `Invalid vector_simplify_extent (${String(options.vector_simplify_extent)}). Must be between 1 and vector_extent [${most}]`
    : undefined
}

/** The style of a layer of features; the servers name it after the layer's place. */
const stylesheet = ({ index, options, type }: Layer) =>
  options.cartocss === undefined || type !== "mapnik"
    ? undefined
    : readStylesheet(String(options.cartocss), `style${index}`)

const checkOptions = (prepared: PreparedLayer, allStyled: boolean): Effect.Effect<void, MapsError> => {
  const { layer } = prepared
  const { index, options } = layer
  const refuse = (message: string) => Effect.fail(badRequest(message, { type: "layer", layer: context(layer) }))
  if (options.geom_type === "raster") return Effect.fail(unsupported("layers of rasters"))
  if (layer.sql === "") return refuse(`Missing sql for layer ${index} options`)
  if (isStyled(layer) !== allStyled) {
    const message = "All mapnik layers must have a cartocss option, or none of them"
    return Effect.fail(badRequest(message, { type: "mapconfig" }))
  }
  if (isStyled(layer) && options.cartocss_version === undefined) {
    return refuse(`Missing cartocss_version for layer ${index} options`)
  }
  const style = stylesheet(layer)
  if (style !== undefined && Result.isFailure(style)) return refuse(style.failure.message)
  const extent = wrongExtent(prepared)
  return extent === undefined ? Effect.void : Effect.fail(badRequest(extent))
}

/** The columns that a layer's options speak of. */
const checkColumns = ({ columns, layer }: PreparedLayer): Effect.Effect<void, MapsError> => {
  const names = new Set(columns.map(({ name }) => name))
  const style = stylesheet(layer)
  const styled = style !== undefined && Result.isSuccess(style) ? style.success.columns : []
  const missing = [geometryColumn(layer), ...interactivity(layer.options), ...styled].find((name) => !names.has(name))
  if (missing === undefined) return Effect.void
  const message = `column "${missing}" does not exist`
  return Effect.fail(
    isStyled(layer)
      ? badRequest(`Postgis Plugin: ERROR:  ${message}`, { type: "layer", subtype: "query", layer: context(layer) })
      : new MapsError({ status: 404, message: `PgMvtFactory: ${message}` })
  )
}

/** Runs the layer's SQL where nothing is, and its attributes for one row. */
const tryOut = Effect.fnUntraced(function* ({ layer }: PreparedLayer, definition: MapDefinition, role: string) {
  yield* features(ofTile(30, 0, 0), featureOptions(layer, definition, "mvt"), role).pipe(
    Effect.mapError((error) =>
      error.code === "57014" && isStyled(layer)
        ? renderTimeout(context(layer))
        : fromDatabase(error, isStyled(layer) ? { type: "layer", subtype: "query", layer: context(layer) } : {})
    )
  )
  const own = attributes(layer)
  if (own === undefined || layer.aggregation !== undefined || layer.rawSql !== layer.sql) return
  const list = [own.id, ...own.columns].map(quoteIdentifier).join(", ")
  yield* Effect.mapError(
    query(`SELECT ${list} FROM ${subquery(substitute(layer.sql), "_layer")} LIMIT 1`, role),
    (error) => fromDatabase(error, { type: "layer", layer: context(layer) })
  )
})

/** Fails as the servers do for the first layer that cannot be drawn. */
export const checkLayers = Effect.fnUntraced(function* (
  layers: ReadonlyArray<PreparedLayer>,
  definition: MapDefinition,
  role: string
) {
  const drawn = layers.filter(({ layer }) => layer.type === "mapnik")
  const allStyled = drawn.some(({ layer }) => isStyled(layer))
  for (const prepared of layers) {
    if (prepared.layer.type === "mapnik") yield* checkOptions(prepared, allStyled)
    if (prepared.layer.type === "torque") yield* checkOptions(prepared, true)
  }
  const extents = new Set(drawn.map(({ layer }) => layer.options.vector_extent))
  if (extents.size > 1) return yield* badRequest('The value of "vector_extent" must be the same in all layers')
  for (const prepared of layers) if (prepared.failure !== undefined) return yield* prepared.failure
  for (const prepared of drawn) {
    yield* checkColumns(prepared)
    yield* tryOut(prepared, definition, role)
  }
})
