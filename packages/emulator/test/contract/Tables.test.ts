import { assert, it } from "@effect/vitest"
import { CartoError, Datasets, Sql, Tables, Visualizations } from "@effect-carto/core"
import { Effect, Stream } from "effect"
import { layer } from "./layer.ts"

it.layer(layer, { timeout: "2 minutes", excludeTestServices: true })("Tables against the emulator", (it) => {
  it.effect("makes an empty dataset, and tells its columns and the maps that need it", () =>
    Effect.gen(function* () {
      const tables = yield* Tables
      const maps = yield* Visualizations
      const made = yield* tables.create({
        name: "Bus Stops",
        columns: { label: "text", since: "date", lines: "int4" },
        description: "of the town",
        tags: ["bus", "town"]
      })
      assert.deepStrictEqual(made.schema, [
        ["cartodb_id", "number"],
        ["label", "string"],
        ["since", "date"],
        ["lines", "number"],
        ["the_geom", "geometry", "geometry", "geometry"]
      ])
      assert.deepStrictEqual([made.name, made.description, made.privacy], ["bus_stops", "of the town", "PRIVATE"])
      yield* tables.create({ name: "trams" })
      const only = yield* maps.create({ tables: ["bus_stops"], name: "Buses" })
      const both = yield* maps.create({ tables: ["bus_stops", "trams"], name: "Lines" })
      const read = yield* tables.get("public.bus_stops")
      assert.strictEqual(read.id, made.id)
      assert.deepStrictEqual(
        [read.dependent_visualizations[0]?.id, read.non_dependent_visualizations[0]?.id],
        [only.id, both.id]
      )
      assert.deepStrictEqual(read.table_visualization?.tags, ["bus", "town"])
    })
  )

  it.effect("lists sizes, and fills a geometry from two columns", () =>
    Effect.gen(function* () {
      const tables = yield* Tables
      const sql = yield* Sql
      yield* sql.execute`create table large as select i, repeat('x', 500) as t, '1.5' as lat, 10 + i % 10 as lon
        from generate_series(1, 2000) i`
      const { id } = yield* (yield* Datasets).cartodbfy("large")
      const [first] = yield* Stream.runCollect(Stream.take(tables.list(), 1))
      assert.deepStrictEqual([first?.name, first?.row_count], ["large", 2000])
      assert.isAbove(first?.size ?? 0, 1_000_000)
      const changed = yield* tables.update("large", { latitude_column: "lat", longitude_column: "lon" })
      assert.deepStrictEqual([changed.geometry_types, changed.warnings], [["ST_Point"], []])
      assert.strictEqual((yield* tables.update("large", { privacy: "LINK" })).privacy, "LINK")
      assert.strictEqual((yield* (yield* Datasets).get(id)).privacy, "LINK")
    })
  )

  it.effect("what is no table is not found", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip((yield* Tables).get("nothing"))
      assert.instanceOf(error, CartoError)
      assert.strictEqual(error.reason._tag, "NotFoundError")
    })
  )
})
