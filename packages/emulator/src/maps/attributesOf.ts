/** The attributes of one feature (maps reference, §9). */
import * as Effect from "effect/Effect"
import { quoteIdentifier } from "../SqlText.ts"
import { type Access, cachedJson } from "./access.ts"
import { substitute } from "./Frame.ts"
import { attributes, type Layer } from "./Layer.ts"
import { badRequest, fromDatabase, MapsError } from "./MapsError.ts"
import { query, subquery } from "./query.ts"

/** A layer by its number in an address. */
export const layerAt = ({ map }: Access, number: string | undefined): Effect.Effect<Layer, MapsError> => {
  const layer = /^\d+$/.test(number ?? "") ? map.layers[Number(number)] : undefined
  return layer === undefined
    ? Effect.fail(badRequest(`Map ${map.id} has no layer number ${number}`))
    : Effect.succeed(layer)
}

/** The row of a feature, if there is one and no other than it. */
export const attributesOf = Effect.fnUntraced(function* (access: Access, index: string | undefined, feature: string) {
  const layer = yield* layerAt(access, index)
  const exposed = attributes(layer)
  if (exposed === undefined) return yield* badRequest(`Layer ${index} has no exposed attributes`)
  // The servers take it for a column, as it stands bare in their SQL.
  if (!/^-?\d+$/.test(feature)) {
    return yield* new MapsError({ status: 404, message: `column "${feature}" does not exist` })
  }
  const list = exposed.columns.map(quoteIdentifier).join(", ")
  const sql = `SELECT ${list} FROM ${subquery(substitute(layer.rawSql), "_layer")} WHERE ${quoteIdentifier(exposed.id)} = ${feature}`
  const { rows } = yield* Effect.mapError(query(sql, access.role), (error) => fromDatabase(error))
  const distinct = new Map(rows.map((row) => [JSON.stringify(row), row]))
  const [row] = distinct.values()
  if (row === undefined || distinct.size > 1) {
    return yield* new MapsError({
      status: row === undefined ? 404 : 400,
      message: `Multiple features (${distinct.size}) identified by '${exposed.id}' = ${feature} in layer ${index}`
    })
  }
  return yield* cachedJson(access, row)
})
