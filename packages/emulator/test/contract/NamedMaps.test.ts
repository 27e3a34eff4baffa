/** Named maps of core against the emulator: what one writes the other reads. */

import { assert, layer } from "@effect/vitest"
import { MapConfig, MapLayer, Maps, MapTemplate, NamedMaps, Sql } from "@effect-carto/core"
import { Effect, Layer, Redacted } from "effect"
import * as Contract from "./layer.ts"

const places = Layer.effectDiscard(
  Effect.gen(function* () {
    const sql = yield* Sql
    yield* sql.execute`create table places (cartodb_id int, population int8, the_geom_webmercator geometry(Point, 3857))`
    yield* sql.execute`insert into places values (1, 5, ST_SetSRID(ST_MakePoint(100, 100), 3857))`
  })
)

const token = Redacted.make("a token & more")
const template = MapTemplate.make(
  "places",
  MapConfig.make([
    MapLayer.mapnik("select * from places where population > <%= minimum %>", {
      cartocss: "#layer { marker-fill: <%= color %>; }"
    })
  ]),
  {
    auth: MapTemplate.tokens(token),
    placeholders: { minimum: MapTemplate.number(0), color: MapTemplate.cssColor("red") }
  }
)
const whole = { z: 0, x: 0, y: 0 }

layer(places.pipe(Layer.provideMerge(Contract.layer)), { excludeTestServices: true, timeout: 120_000 })(
  "named maps of core and of the emulator",
  (it) => {
    it.effect("are created, found unchanged, replaced, read, listed and deleted", () =>
      Effect.gen(function* () {
        const named = yield* NamedMaps
        assert.strictEqual((yield* named.apply(template)).change, "created")
        assert.strictEqual((yield* named.apply(template)).change, "unchanged")
        const moved = { ...template, view: MapTemplate.bounds([-10, -10, 10, 10]) }
        assert.strictEqual((yield* named.apply(moved)).change, "updated")
        const twice = yield* Effect.flip(named.create(template))
        assert.strictEqual(twice.advice, "Update it, or apply it.")
        const stored = yield* named.get("places")
        assert.deepStrictEqual(stored.view, { bounds: { west: -10, south: -10, east: 10, north: 10 } })
        assert.deepStrictEqual(stored.auth?.valid_tokens?.map(Redacted.value), ["a token & more"])
        assert.deepStrictEqual(yield* named.list, ["places"])
        yield* named.delete("places")
        for (const gone of [named.get("places"), named.delete("places"), named.update(template)]) {
          const error = yield* Effect.flip(Effect.asVoid(gone))
          assert.strictEqual(error.reason._tag, "NotFoundError")
        }
      })
    )

    it.effect("are instantiated with values and a token, and by nobody without it", () =>
      Effect.gen(function* () {
        const named = yield* NamedMaps
        const maps = yield* Maps
        yield* named.apply(template)
        const isEmpty = (minimum: number) =>
          Effect.gen(function* () {
            const map = yield* named.instantiate(template, { placeholders: { minimum }, authToken: token })
            assert.isTrue(map.isNamed)
            return (yield* maps.tile(map, whole, { format: "mvt" })).isEmpty
          })
        assert.deepStrictEqual([yield* isEmpty(0), yield* isEmpty(10)], [false, true])
        const refused = yield* Effect.flip(named.instantiate(template))
        assert.strictEqual(refused.reason._tag, "AuthError")

        const map = yield* named.instantiate("places", { authToken: token })
        const url = map.tileUrl(whole, { format: "mvt" })
        const status = (address: string) => Effect.promise(() => fetch(address).then(({ status }) => status))
        assert.strictEqual(yield* status(url), 403)
        assert.strictEqual(yield* status(Redacted.value(yield* maps.authorized(map, url))), 200)
      })
    )

    it.effect("give tiles without instantiation", () =>
      Effect.gen(function* () {
        const named = yield* NamedMaps
        yield* named.apply(template)
        const tile = yield* named.tile("places", 0, whole, { format: "mvt", authToken: token })
        assert.isFalse(tile.isEmpty)
        const refused = yield* Effect.flip(named.tile("places", 0, whole, { format: "mvt" }))
        assert.strictEqual(refused.reason._tag, "AuthError")
      })
    )

    it.effect("are pruned", () =>
      Effect.gen(function* () {
        const named = yield* NamedMaps
        const other = (name: string) => named.apply({ ...template, name })
        yield* Effect.all([other("old_1"), other("old_2"), other("tpl_of_builder"), other("places")])
        assert.deepStrictEqual((yield* named.prune(["places"], { dryRun: true })).toSorted(), ["old_1", "old_2"])
        assert.deepStrictEqual(yield* named.prune(["old_2"], { prefix: "old_" }), ["old_1"])
        assert.deepStrictEqual((yield* named.list).toSorted(), ["old_2", "places", "tpl_of_builder"])
      })
    )
  }
)
