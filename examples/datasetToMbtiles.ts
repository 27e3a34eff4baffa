/**
 * A dataset as one MBTiles file of vector tiles, for maps that must work without CARTO. The file is complete or not
 * there; how far it is goes to standard error.
 *
 *     CARTO_API_URL=… CARTO_API_KEY=… node datasetToMbtiles.ts cities cities.mbtiles --max-zoom 8
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { MapConfig, MapLayer, Maps, Sql, Tiles } from "@effect-carto/core"
import { NodeCarto, NodeTiles } from "@effect-carto/node"
import { Console, Effect, Schema } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { SqlClient } from "effect/sql"

class NothingToDraw extends Schema.TaggedError<NothingToDraw>()("NothingToDraw", { dataset: Schema.String }) {
  override get message(): string {
    return `no row of ${this.dataset} has a geometry`
  }
}

const Box = Schema.Struct({ west: Schema.Finite, south: Schema.Finite, east: Schema.Finite, north: Schema.Finite })

/** What the rows cover, so that no tile is asked for in vain. */
const boxOf = Effect.fn("boxOf")(function* (dataset: string) {
  const sql = yield* Sql
  const client = yield* SqlClient.SqlClient
  // A single point covers nothing: a little around it is a box.
  const { rows } = yield* sql.query(Box)`
    select ST_XMin(box) as west, ST_YMin(box) as south, ST_XMax(box) as east, ST_YMax(box) as north
    from (select ST_Expand(ST_Extent(the_geom)::geometry, 1e-6) as box from ${client(dataset)}) as extent
    where box is not null`
  const [box] = rows
  if (box === undefined) return yield* new NothingToDraw({ dataset })
  return [Math.max(-180, box.west), Math.max(-90, box.south), Math.min(180, box.east), Math.min(90, box.north)] as const
})

const write = Effect.fn("write")(function* (dataset: string, file: string, zooms: readonly [number, number]) {
  const maps = yield* Maps
  const client = yield* SqlClient.SqlClient
  const area: Tiles.Area = { bbox: yield* boxOf(dataset), minzoom: zooms[0], maxzoom: zooms[1] }
  const map = yield* maps.instantiate(
    MapConfig.make([MapLayer.mapnik(client`select * from ${client(dataset)}`, { id: dataset })])
  )
  const total = Tiles.count(area)
  const step = Math.max(1, Math.round(total / 10))
  const { bytes, empty, written } = yield* NodeTiles.toMbtiles(
    // Tiles come eight at a time, and are paced by the rate limit that the server tells.
    maps.tiles(map, area, { format: "mvt", concurrency: 8 }),
    file,
    map.tileJson({ format: "mvt", name: dataset, area }),
    {
      onProgress: (done) => {
        const seen = done.written + done.empty
        return seen % step === 0 ? Console.error(`${seen} of ${total} tiles`) : Effect.void
      }
    }
  )
  yield* Console.log(`${file}: ${written} tiles, ${bytes} bytes; ${empty} tiles are empty`)
})

const zoom = (name: string) =>
  Flag.Int(name).pipe(Flag.withSchema(Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: Tiles.maxZoom }))))

const command = Command.make(
  "datasetToMbtiles",
  {
    dataset: Argument.String("dataset"),
    file: Argument.Path("file"),
    minZoom: zoom("min-zoom").pipe(Flag.withDefault(0)),
    maxZoom: zoom("max-zoom").pipe(Flag.withDefault(8))
  },
  ({ dataset, file, maxZoom, minZoom }) =>
    Effect.provide(write(dataset, file, [minZoom, maxZoom]), NodeCarto.layerConfig({ readOnly: true }))
)

Command.run(command, { version: "1.0.0" }).pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
