/** Maps of core against the emulator: what one writes the other reads. */

import { assert, layer } from "@effect/vitest"
import { Dataview, MapConfig, MapLayer, Maps, Sql, Tiles } from "@effect-carto/core"
import { Effect, Layer, Redacted, Stream } from "effect"
import { Emulator } from "../../src/Emulator.ts"
import * as Contract from "./layer.ts"

const places = Layer.effectDiscard(
  Effect.gen(function* () {
    const sql = yield* Sql
    yield* sql.execute`
      create table places (
        cartodb_id serial primary key,
        name text,
        population int8,
        score float8,
        the_geom geometry(Point, 4326),
        the_geom_webmercator geometry(Point, 3857)
      )`
    yield* sql.execute`
      insert into places (name, population, score, the_geom) values
        ('Tokyo', 37393000, 'NaN', ST_SetSRID(ST_MakePoint(139.69, 35.69), 4326)),
        ('Lima', 10719000, 1.5, ST_SetSRID(ST_MakePoint(-77.03, -12.04), 4326))`
    yield* sql.execute`update places set the_geom_webmercator = ST_Transform(the_geom, 3857)`
  })
)

const config = MapConfig.make(
  [
    MapLayer.mapnik("select * from places", {
      id: "places",
      interactivity: ["name"],
      cartocss: "#layer { marker-width: 8; }",
      attributes: { id: "cartodb_id", columns: ["name", "population", "score"] }
    })
  ],
  {
    analyses: [MapConfig.source("a0", "select * from places")],
    dataviews: {
      people: Dataview.formula("a0", "sum", "population"),
      names: Dataview.aggregation("a0", "name", { operation: "max", column: "population" }),
      sizes: Dataview.histogram("a0", "population")
    }
  }
)
const tokyo = { z: 2, x: 3, y: 1 }
const world: Tiles.Area = { bbox: [-180, -85, 180, 85], minzoom: 0, maxzoom: 2 }

layer(places.pipe(Layer.provideMerge(Contract.layer)), { excludeTestServices: true, timeout: 120_000 })(
  "maps of core and of the emulator",
  (it) => {
    it.effect("have the same tiles, empty ones among them", () =>
      Effect.gen(function* () {
        const maps = yield* Maps
        const map = yield* maps.instantiate(config)
        const tiles = yield* Stream.runCollect(maps.tiles(map, world, { format: "mvt", layers: "places" }))
        assert.strictEqual(tiles.length, Tiles.count(world))
        const full = tiles.filter(({ isEmpty }) => !isEmpty).map(({ x, y, z }) => `${z}/${x}/${y}`)
        assert.includeMembers(full, ["0/0/0", "1/1/0", "2/3/1"])
        assert.notInclude(full, "2/3/3")
        assert.deepStrictEqual(map.tileJson({ format: "mvt" }).vector_layers, [{ id: "places", fields: {} }])
      })
    )

    it.effect("have the same data", () =>
      Effect.gen(function* () {
        const maps = yield* Maps
        const map = yield* maps.instantiate(config)
        assert.deepStrictEqual(yield* maps.attributes(map, "places", 1), {
          name: "Tokyo",
          population: 37393000,
          score: "NaN"
        })
        assert.deepStrictEqual(Object.values((yield* maps.grid(map, "places", tokyo)).data ?? {}), [{ name: "Tokyo" }])
        const people = yield* maps.dataview(map, "people", { bbox: [0, 0, 180, 60] })
        assert.strictEqual(people.type === "formula" && people.result, 37393000)
        const names = yield* maps.dataview(map, "names")
        assert.deepStrictEqual(names.type === "aggregation" && names.categories.map(({ category }) => category), [
          "Tokyo",
          "Lima"
        ])
        const sizes = yield* maps.dataview(map, "sizes", { bins: 2 })
        assert.deepStrictEqual(sizes.type === "histogram" && sizes.bins.map(({ freq }) => freq), [1, 1])
        assert.deepStrictEqual(yield* maps.search(map, "names", "LIM"), [{ category: "Lima", value: 10719000 }])
      })
    )

    it.effect("are narrowed by the same filters", () =>
      Effect.gen(function* () {
        const maps = yield* Maps
        const map = yield* maps.instantiate(config, { filters: { dataviews: { names: { accept: ["Lima"] } } } })
        const all = yield* maps.instantiate(config)
        assert.notStrictEqual(map.layergroupid, all.layergroupid)
        const result = (filters: "others" | "none") =>
          Effect.map(maps.dataview(map, "people", { filters }), (people) => people.type === "formula" && people.result)
        assert.strictEqual(yield* result("others"), 10719000)
        assert.strictEqual(yield* result("none"), 48112000)
      })
    )

    it.effect("are forgotten, and instantiated again", () =>
      Effect.gen(function* () {
        const emulator = yield* Emulator
        const maps = yield* Maps
        const map = yield* maps.instantiate(config)
        yield* emulator.expireMaps()
        const tiles = yield* Effect.all(
          [1, 2, 3, 4].map(() => maps.tile(map, tokyo, { format: "mvt" })),
          { concurrency: "unbounded" }
        )
        assert.isTrue(tiles.every(({ isEmpty }) => !isEmpty))
      })
    )

    it.effect("can be read by who has the address", () =>
      Effect.gen(function* () {
        const maps = yield* Maps
        const map = yield* maps.instantiate(config)
        const url = Redacted.value(yield* maps.authorized(map, map.tileUrl(tokyo, { format: "mvt" })))
        const status = yield* Effect.promise(() => fetch(url).then(({ status }) => status))
        assert.strictEqual(status, 200)
        assert.notInclude(JSON.stringify(map), "api_key")
      })
    )

    it.effect("fail for the same reasons", () =>
      Effect.gen(function* () {
        const maps = yield* Maps
        const map = yield* maps.instantiate(config)
        const reasonOf = <A, E extends { readonly reason: { readonly _tag: string } }, R>(
          effect: Effect.Effect<A, E, R>
        ) => Effect.map(Effect.flip(effect), ({ reason }) => reason._tag)
        assert.strictEqual(yield* reasonOf(maps.attributes(map, 0, 99)), "NotFoundError")
        assert.strictEqual(yield* reasonOf(maps.attributes(map, 5, 1)), "MapError")
        assert.strictEqual(yield* reasonOf(maps.dataview(map, "nope")), "MapError")
        const broken = yield* Effect.flip(
          maps.instantiate(MapConfig.make([MapLayer.mapnik("selec", { id: "x", cartocss: "#layer {}" })]))
        )
        assert.match(broken.message, /^Maps\.instantiate: layer "x" \(0\): .*syntax error/)
        const unknown = yield* Effect.flip(maps.instantiate(MapConfig.make([MapLayer.mapnik("select * from nope")])))
        assert.strictEqual(unknown.reason._tag, "MapError")
      })
    )
  }
)
