/** Torque: points in the cells of a tile, by frames of an animation (maps reference, §6.3 and §8). */
import * as Effect from "effect/Effect"
import { quoteIdentifier } from "../SqlText.ts"
import { type Access, cachedJson } from "./access.ts"
import { envelope, ofTile, substitute, tileSize } from "./Frame.ts"
import { numeric } from "./filters.ts"
import { finite } from "./json.ts"
import { context, geometryColumn, type Layer } from "./Layer.ts"
import { badRequest, fromDatabase, type MapsError, unsupported } from "./MapsError.ts"
import { columnsOf, query, subquery } from "./query.ts"
import { selectLayers } from "./selectLayers.ts"
import type { TileAddress } from "./tileAddress.ts"

/** What the style of a torque layer says of its data. */
interface Torque {
  readonly frames: number
  /** Side of a cell in pixels. */
  readonly resolution: number
  readonly column: string
  readonly aggregate: string
}

const property = (cartocss: string, name: string): string | undefined =>
  new RegExp(`-torque-${name}\\s*:\\s*(?:"([^"]*)"|([^;]+));`).exec(cartocss)?.slice(1).find(Boolean)?.trim()

const required = ["frame-count", "resolution", "time-attribute", "aggregation-function"]

const readTorque = (layer: Layer): Effect.Effect<Torque, MapsError> => {
  const cartocss = String(layer.options.cartocss)
  const [frames, resolution, column = "", aggregate = ""] = required.map((name) => property(cartocss, name))
  const missing = required.find((name) => property(cartocss, name) === undefined)
  if (missing !== undefined) {
    const message = `TorqueRenderer: Missing required property '-torque-${missing}' in torque layer CartoCSS`
    return Effect.fail(badRequest(message, { type: "layer", layer: context(layer) }))
  }
  if (property(cartocss, "data-aggregation") === "cumulative") return Effect.fail(unsupported("cumulative torque"))
  return Effect.succeed({ frames: Number(frames), resolution: Number(resolution), column, aggregate })
}

/** The times of a layer's rows, and how they are divided. */
const readTimes = Effect.fnUntraced(function* (layer: Layer, torque: Torque, role: string) {
  const failed = Effect.mapError(fromDatabase)
  const columns = yield* failed(columnsOf(layer.sql, role))
  const type = columns.find(({ name }) => name === torque.column)?.type
  const time = `(${numeric(torque.column, type)})::float8`
  const sql = `SELECT min(${time}) AS first, max(${time}) AS last FROM ${subquery(substitute(layer.sql), "_layer")}`
  const { rows } = yield* failed(query(sql, role))
  const [first = 0, last = 0] = [finite(rows[0]?.first), finite(rows[0]?.last)]
  const count = Math.min(torque.frames, Math.floor(last - first + 1))
  return { time, first, last, count, columnType: time.includes("epoch") ? "date" : "number" }
})

/** What is told of a torque layer: times in milliseconds, or thousandths of whatever its numbers are. */
export const torqueMeta = Effect.fnUntraced(function* (layer: Layer, role: string) {
  const torque = yield* readTorque(layer)
  const { columnType, count, first, last } = yield* readTimes(layer, torque, role)
  return {
    start: first * 1000,
    end: last * 1000,
    steps: torque.frames,
    data_steps: count,
    column_type: columnType,
    cartocss: layer.options.cartocss,
    stats: {},
    cartocss_meta: { rules: [] }
  }
})

/** Cells count from the lower left; what is rounded beyond the edge of the tile belongs to its last cell. */
const statement = (
  layer: Layer,
  torque: Torque,
  times: Effect.Success<ReturnType<typeof readTimes>>,
  at: TileAddress
) => {
  const frame = ofTile(at.z, at.x, at.y)
  const cells = tileSize / torque.resolution
  const point = quoteIdentifier(geometryColumn(layer))
  const side = `(!pixel_width! * ${torque.resolution})`
  const cell = (distance: string) => `greatest(0, least(${cells - 1}, round((${distance}) / ${side})))::int`
  const step = (times.last - times.first + 1) / Math.max(1, times.count)
  return substitute(
    `SELECT x, y, array_agg(value ORDER BY frame) AS vals, array_agg(frame ORDER BY frame) AS dates
    FROM (
      SELECT ${cell(`ST_X(${point}) - ${frame.west}`)} AS x,
        ${cell(`ST_Y(${point}) - ${frame.north} + !pixel_width! * ${tileSize}`)} AS y,
        floor((${times.time} - ${times.first}) / ${step})::int AS frame, ${torque.aggregate} AS value
      FROM ${subquery(layer.sql, "_layer")}
      WHERE ${point} && ${envelope(frame)} AND ${times.time} IS NOT NULL GROUP BY 1, 2, 3
    ) AS _cells GROUP BY 1, 2`,
    frame
  )
}

/** The tile of one torque layer, chosen by its number. */
export const torqueTile = Effect.fnUntraced(function* (
  access: Access,
  at: TileAddress,
  filter: string | undefined,
  format: string
) {
  const { map, role } = access
  const [layer] = /^\d+$/.test(filter ?? "") ? yield* selectLayers(map.layers, filter) : []
  if (layer?.type !== "torque") return yield* badRequest(`Unsupported format ${format}`)
  const torque = yield* readTorque(layer)
  const times = yield* readTimes(layer, torque, role)
  const { rows } = yield* Effect.mapError(query(statement(layer, torque, times, at), role), (error) =>
    fromDatabase(error)
  )
  return yield* cachedJson(
    access,
    rows.map(({ dates, vals, x, y }) => ({ x__uint8: x, y__uint8: y, vals__uint8: vals, dates__uint16: dates }))
  )
})
