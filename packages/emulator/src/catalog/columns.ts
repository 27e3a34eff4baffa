/** The columns of a dataset as `tables` tells them, in types of its own (platform reference, §9.1). */
import * as Effect from "effect/Effect"
import { Database } from "../Database.ts"
import type { Visualization } from "./Visualization.ts"

const simple: Readonly<Record<string, string>> = {
  int2: "number",
  int4: "number",
  int8: "number",
  float4: "number",
  float8: "number",
  numeric: "number",
  text: "string",
  varchar: "string",
  bpchar: "string",
  bool: "boolean",
  date: "date",
  timestamp: "date",
  timestamptz: "date"
}

/** `[name, type]`, and for geometries `[name, "geometry", "geometry", "point"]`, which stand last. */
export const columns = Effect.fnUntraced(function* (dataset: Visualization) {
  const rows = yield* (yield* Database).rows(
    `select attname, typname, format_type(atttypid, null) as full_name
     from pg_attribute a join pg_type t on t.oid = a.atttypid
     where attrelid = ${dataset.table_oid} and attnum > 0 and not attisdropped and attname <> 'the_geom_webmercator'
     order by attname <> 'cartodb_id', typname = 'geometry', attnum`
  )
  const shape = dataset.geometry_types[0]?.replace(/^ST_/, "").toLowerCase() ?? "geometry"
  return rows.map(({ attname, full_name, typname }) =>
    typname === "geometry" ? [attname, "geometry", "geometry", shape] : [attname, simple[typname ?? ""] ?? full_name]
  )
})
