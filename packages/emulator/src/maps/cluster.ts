/** The rows behind an aggregated point (maps reference, §12). */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import { Database } from "../Database.ts"
import { quoteIdentifier } from "../SqlText.ts"
import { type Access, cachedJson } from "./access.ts"
import { clusterSql, readColumns } from "./aggregation.ts"
import { layerAt } from "./attributesOf.ts"
import { parameter } from "./exchange.ts"
import { ofTile, substitute } from "./Frame.ts"
import { elements, isJsonObject, member, parseJson } from "./json.ts"
import type { Layer } from "./Layer.ts"
import { badRequest, fromDatabase, type MapsError } from "./MapsError.ts"
import { query, subquery } from "./query.ts"

const refuse = (message: string, { sentType }: Layer, index: string) =>
  badRequest(message, { type: "layer", subtype: "aggregation", layer: { index, type: sentType } })

/** The rows gathered once more, as `?aggregation=` says. */
const gathered = Effect.fnUntraced(function* (rows: string, text: string): Effect.fn.Return<string, MapsError> {
  const asked = yield* Effect.mapError(Effect.fromResult(parseJson(text)), () =>
    badRequest("Invalid aggregation input, should be a a valid JSON")
  )
  if (!isJsonObject(asked)) return yield* badRequest("Invalid aggregation input, should be a a valid JSON")
  const columns = elements(asked.columns).filter(Predicate.isString).map(quoteIdentifier)
  const expressions = yield* readColumns(member(asked, "expressions"))
  const outputs = [
    ...columns,
    "count(*) AS _cdb_feature_count",
    ...expressions.map(({ name, sql }) => `${sql} AS ${quoteIdentifier(name)}`)
  ]
  const groups = columns.length === 0 ? "" : `GROUP BY ${columns.join(", ")}`
  return `SELECT ${outputs.join(", ")} FROM ${subquery(rows, "_cluster")} ${groups}`
})

/** Where a column comes from is not known here; its size is. */
const sizes = Effect.fnUntraced(function* (oids: ReadonlyArray<number>) {
  const list = [...new Set([0, ...oids])].join(", ")
  const rows = yield* (yield* Database).rows(`SELECT oid, typlen FROM pg_catalog.pg_type WHERE oid IN (${list})`)
  return new Map(rows.map(({ oid, typlen }) => [Number(oid), Number(typlen)]))
})

/** The rows of the cell in which the feature of the address lies. */
export const cluster = Effect.fnUntraced(function* (access: Access) {
  const { exchange, map, role } = access
  const { feature = "", layer: index = "", z = "" } = exchange.path
  const layer = yield* layerAt(access, index)
  if (layer.aggregation === undefined) {
    return yield* refuse(`Map ${map.id} has no aggregation defined for layer ${index}`, layer, index)
  }
  if (!/^\d+$/.test(z)) return yield* refuse(`Invalid zoom value (${z})`, layer, index)
  if (!/^\d+$/.test(feature)) return yield* refuse(`Invalid cartodb_id value (${feature})`, layer, index)
  const rows = clusterSql(layer.sql, layer.aggregation, Number(feature))
  const aggregation = parameter(exchange, "aggregation")
  const sql = aggregation === undefined ? rows : yield* gathered(rows, aggregation)
  const failed = Effect.mapError(fromDatabase)
  const found = yield* failed(query(substitute(sql, ofTile(Number(z), 0, 0)), role))
  const known = yield* failed(sizes(found.columns.map(({ typeOid }) => typeOid)))
  const fields = found.columns.map(({ name, typeModifier, typeOid }) => ({
    name,
    tableID: 0,
    columnID: 0,
    dataTypeID: typeOid,
    dataTypeSize: known.get(typeOid) ?? -1,
    dataTypeModifier: typeModifier,
    format: "text"
  }))
  return yield* cachedJson(access, { rows: found.rows, fields })
})
