/** Where the data of a map lies. */
import type { MapConfig } from "@effect-carto/core/MapConfig"
import { Sql } from "@effect-carto/core/Sql"
import type { Bbox } from "@effect-carto/core/Tiles"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Schema from "effect/Schema"

const side = Schema.NullOr(Schema.Finite)
const Extent = Schema.Struct({ west: side, south: side, east: side, north: side })

/** A large table is read through for it. */
const patience = "10 seconds"

/** All layers in one box. Undefined where nothing is, the key may not read, or it takes too long: nobody depends on it. */
export const extentOf = (config: MapConfig): Effect.Effect<Bbox | undefined, never, Sql> =>
  Effect.map(Effect.forEach(sourcesOf(config), extent, { concurrency: 4 }), (boxes) => union(boxes.flat()))

interface Source {
  readonly query: string
  readonly geometry: string
  readonly srid: number
}

const sourcesOf = ({ analyses = [], layers }: MapConfig): ReadonlyArray<Source> =>
  layers.flatMap((layer) => {
    if ("type" in layer && layer.type !== "mapnik" && layer.type !== "cartodb") return []
    const { options } = layer
    const geometry =
      "geom_column" in options && Predicate.isString(options.geom_column) ? options.geom_column : undefined
    const srid = "srid" in options && Predicate.isNumber(options.srid) ? options.srid : 3857
    const source = "source" in options ? options.source : undefined
    const node = analyses.find(({ id }) => Predicate.hasProperty(source, "id") && id === source.id)
    const query = "sql" in options && Predicate.isString(options.sql) ? options.sql : node?.params?.query
    // What depends on the view has no extent of its own.
    return Predicate.isString(query) && !/!(bbox|scale_denominator|pixel_\w+)!|@(bbox|zoom|x|y)\b/.test(query)
      ? [{ query: query.trim().replace(/;+$/, ""), geometry: geometry ?? "the_geom_webmercator", srid }]
      : []
  })

const extent = ({ geometry, query, srid }: Source) =>
  Effect.gen(function* () {
    const sql = yield* Sql
    const column = sql.unsafe(`"${geometry.replaceAll('"', '""')}"`)
    const { rows } = yield* sql.query(Extent)`
      select ST_XMin(e) as west, ST_YMin(e) as south, ST_XMax(e) as east, ST_YMax(e) as north
      from (
        select ST_Transform(ST_SetSRID(ST_Extent(${column})::geometry, ${sql.unsafe(String(Math.trunc(srid)))}), 4326) as e
        from (${sql.unsafe(query)}) as layer
      ) as extent`
    return rows.flatMap(
      ({ east, north, south, west }): ReadonlyArray<Bbox> =>
        west === null || south === null || east === null || north === null ? [] : [[west, south, east, north]]
    )
  }).pipe(
    Effect.timeoutOption(patience),
    Effect.map(Option.getOrElse((): ReadonlyArray<Bbox> => [])),
    Effect.orElseSucceed((): ReadonlyArray<Bbox> => [])
  )

const union = (boxes: ReadonlyArray<Bbox>): Bbox | undefined => {
  if (boxes.length === 0) return undefined
  const each = (at: 0 | 1 | 2 | 3) => boxes.map((box) => box[at])
  return [Math.min(...each(0)), Math.min(...each(1)), Math.max(...each(2)), Math.max(...each(3))]
}
