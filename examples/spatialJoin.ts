/**
 * A report: how many points of one dataset lie in each polygon of another. PostGIS joins, the rows come back typed; a
 * table goes to the screen and the polygons with their counts to a GeoJSON file.
 *
 *     CARTO_API_URL=… CARTO_API_KEY=… node spatialJoin.ts shops districts report.geojson
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Sql } from "@effect-carto/core"
import { NodeCarto, NodeFile } from "@effect-carto/node"
import { Console, Effect, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { SqlClient } from "effect/sql"

const District = Schema.Struct({
  name: Schema.String,
  /** `count(*)` is an int8: a bigint here, whatever its size. */
  points: Schema.BigInt,
  /** Per square kilometre; numeric, told as text so that no digit is lost. */
  density: Schema.FiniteFromString
})
type District = typeof District.Type

const line = (name: string, points: string, density: string) =>
  `${name.padEnd(24)} ${points.padStart(10)} ${density.padStart(12)}`

const table = (rows: ReadonlyArray<District>) =>
  [
    line("name", "points", "per km²"),
    ...rows.map(({ density, name, points }) => line(name, `${points}`, density.toFixed(2)))
  ].join("\n")

/** The same statement for both results: one of them without the geometries, which may be large. */
const joined = Effect.fn("joined")(function* (points: string, polygons: string, column: string) {
  const sql = yield* SqlClient.SqlClient
  const name = sql(`polygons.${column}`)
  return (geometry: boolean) => sql`
    select ${name} as name, count(points.*) as points,
      round((count(points.*) / (ST_Area(polygons.the_geom::geography) / 1e6))::numeric, 3) as density
      ${sql.unsafe(geometry ? ", polygons.the_geom" : "")}
    from ${sql(polygons)} as polygons
    left join ${sql(points)} as points on ST_Contains(polygons.the_geom, points.the_geom)
    group by polygons.cartodb_id, ${name}, polygons.the_geom
    order by density desc, name`
})

const report = Effect.fn("report")(function* (points: string, polygons: string, file: string, column: string) {
  const sql = yield* Sql
  const statement = yield* joined(points, polygons, column)
  const { rows } = yield* sql.query(District)(statement(false))
  yield* Console.log(table(rows))

  const { bytes } = yield* NodeFile.writeAtomic(file, sql.export("geojson", { decimals: 6 })(statement(true)))
  yield* Console.log(`${file}: ${bytes} bytes`)
})

const command = Command.make(
  "spatialJoin",
  {
    points: Argument.String("points"),
    polygons: Argument.String("polygons"),
    file: Argument.Path("file"),
    name: Flag.String("name").pipe(Flag.withDescription("Column of the polygons' names"), Flag.withDefault("name"))
  },
  ({ file, name, points, polygons }) =>
    Effect.provide(report(points, polygons, file, name), NodeCarto.layerConfig({ readOnly: true }))
)

Command.run(command, { version: "1.0.0" }).pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
