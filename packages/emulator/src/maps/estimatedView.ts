/** The view of a template that has none: all of its data. */
import * as Effect from "effect/Effect"
import { quoteIdentifier } from "../SqlText.ts"
import type { Access } from "./access.ts"
import { substitute } from "./Frame.ts"
import { finite } from "./json.ts"
import { geometryColumn } from "./Layer.ts"
import { query, subquery } from "./query.ts"
import { type Size, type View, viewOfBounds } from "./staticImage.ts"

/** Where there is nothing to see, or it cannot be read. */
const world: View = { zoom: 1, longitude: 0, latitude: 0 }

/** The middle of the data, and the zoom at which all of it is seen. */
export const estimatedView = Effect.fnUntraced(function* ({ map, role }: Access, size: Size) {
  const parts = map.layers.flatMap((layer) =>
    layer.type === "mapnik"
      ? [`SELECT ${quoteIdentifier(geometryColumn(layer))} AS g FROM ${subquery(substitute(layer.sql), "_layer")}`]
      : []
  )
  if (parts.length === 0) return world
  const sql = `SELECT ST_XMin(e) AS west, ST_YMin(e) AS south, ST_XMax(e) AS east, ST_YMax(e) AS north
    FROM (SELECT ST_Transform(ST_SetSRID(ST_Extent(g)::geometry, 3857), 4326) AS e FROM (${parts.join(" UNION ALL ")}) AS _all) AS _box`
  const { rows } = yield* Effect.orElseSucceed(query(sql, role), () => ({ rows: [] }))
  const [west, south, east, north] = ["west", "south", "east", "north"].map((edge) => finite(rows[0]?.[edge]))
  if (west === undefined || south === undefined || east === undefined || north === undefined) return world
  return viewOfBounds({ west, south, east, north }, size)
})
