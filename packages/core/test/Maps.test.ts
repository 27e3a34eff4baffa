import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Fiber, Layer, Redacted, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Auth } from "../src/Auth.ts"
import { CartoClient } from "../src/CartoClient.ts"
import type { CartoError } from "../src/CartoError.ts"
import { Layergroup } from "../src/Layergroup.ts"
import * as MapConfig from "../src/MapConfig.ts"
import * as MapLayer from "../src/MapLayer.ts"
import { Maps } from "../src/Maps.ts"
import { featureAt } from "../src/TileData.ts"
import * as Tiles from "../src/Tiles.ts"
import { HttpMock, type Reply, type Seen } from "./HttpMock.ts"
import { recorded, replyOf } from "./recordings.ts"

const layer = (
  replies: ReadonlyArray<Reply> | ((seen: Seen, index: number) => Reply),
  apiKey: string | undefined = "master-ana"
) =>
  Maps.layer().pipe(
    Layer.provide(CartoClient.layer({ retries: 2 })),
    Layer.provide(Auth.layer({ url: "https://ana.carto.com", apiKey: Redacted.make(apiKey) })),
    Layer.provideMerge(HttpMock.layer(replies))
  )

const reply = (name: string) => replyOf(recorded(name))
const config = MapConfig.make([MapLayer.mapnik("select * from places", { cartocss: "#layer { marker-width: 8; }" })])
const made = reply("anon-022-anon-multi-types")
const ofDataviews = reply("anon-165-dv-map")
const png = reply("anon-083-tile-png")
const mvt = reply("anon-087-tile-mvt")
const expired = reply("anon-149-expiry-attributes")
const at = { z: 5, x: 15, y: 12 }

const seen = Effect.flatMap(HttpMock, (mock) => mock.seen)
const urls = Effect.map(seen, (all) => all.map(({ method, url }) => `${method} ${url}`))
const reasonOf = <A, R>(effect: Effect.Effect<A, CartoError, R>) =>
  Effect.map(Effect.flip(effect), ({ reason }) => reason)
const instantiated = Effect.flatMap(Maps, (maps) => maps.instantiate(config))
const own = "https://ana.carto.com/api/v1/map"
const id = "2f1d9fc67769dca76235f3c586922fb1:1714979289123"

describe("Maps.instantiate", () => {
  it.effect("posts the map as JSON, with the key in the header only", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      const map = yield* maps.instantiate(config, { filters: { dataviews: { pop: { min: 3 } } }, aggregation: false })
      assert.strictEqual(map.layergroupid, id)
      assert.strictEqual(map.user, "ana")
      assert.strictEqual(map.last_updated && DateTime.formatIso(map.last_updated), "2024-05-06T07:08:09.123Z")
      assert.deepStrictEqual(
        map.metadata.layers.map(({ type }) => type),
        ["plain", "http", "mapnik", "mapnik", "torque"]
      )
      const [request] = yield* seen
      assert.strictEqual(request?.method, "POST")
      const url = new URL(request?.url ?? "")
      assert.strictEqual(url.pathname, "/api/v1/map")
      assert.strictEqual(url.searchParams.get("filters"), '{"dataviews":{"pop":{"min":3}}}')
      assert.strictEqual(url.searchParams.get("aggregation"), "false")
      assert.deepStrictEqual(JSON.parse(request?.body ?? ""), config)
      assert.notInclude(JSON.stringify([request?.url, request?.body]), "master-ana")
    }).pipe(Effect.provide(layer([made])))
  )

  it.effect("is sent again after a lost connection: the same map has the same id", () =>
    Effect.gen(function* () {
      const fiber = yield* Effect.forkChild(instantiated)
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual((yield* Fiber.join(fiber)).layergroupid, id)
      assert.strictEqual((yield* seen).length, 2)
    }).pipe(Effect.provide(layer([{ error: { code: "ECONNRESET", message: "read ECONNRESET" } }, made])))
  )

  it.effect("refuses before sending what is not right, or holds the key", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      const filter = yield* reasonOf(maps.instantiate(config, { filters: { dataviews: { pop: {} } } }))
      assert.match(filter.message, /a filter is not right/)
      const key = yield* reasonOf(maps.instantiate(MapConfig.make([MapLayer.mapnik("select 'master-ana'")])))
      assert.match(key.message, /API key/)
      const version = yield* reasonOf(maps.instantiate({ ...config, version: "2.0.0" }))
      assert.match(version.message, /1\.8\.0/)
      for (const reason of [filter, key, version]) assert.strictEqual(reason._tag, "ValidationError")
      assert.deepStrictEqual(yield* seen, [])
    }).pipe(Effect.provide(layer([made])))
  )

  it.effect("says which layer the server refuses", () =>
    Effect.gen(function* () {
      const reason = yield* reasonOf(instantiated)
      assert.strictEqual(reason._tag, "MapError")
      assert.match(reason.message, /^layer "layer0" \(0\): Postgis Plugin: ERROR: syntax error at or near "from"/)
      assert.strictEqual(reason.advice, 'Correct layer "layer0" (0).')
    }).pipe(Effect.provide(layer([reply("anon-041-anon-err-sql-syntax")])))
  )
})

describe("Maps.tile", () => {
  it.effect("asks the account itself, with the key in the header, and tells an empty tile", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      const map = yield* instantiated
      const picture = yield* maps.tile(map, at)
      assert.strictEqual(picture.contentType, "image/png")
      assert.deepStrictEqual([...picture.bytes.slice(1, 4)], [...Buffer.from("PNG")])
      const vector = yield* maps.tile(map, at, { format: "mvt", layers: ["pts"] })
      assert.isFalse(vector.isEmpty)
      const empty = yield* maps.tile(map, { z: 5, x: 0, y: 0 }, { format: "mvt" })
      assert.isTrue(empty.isEmpty)
      assert.strictEqual(empty.bytes.length, 0)
      assert.deepStrictEqual((yield* urls).slice(1), [
        `GET ${own}/${id}/5/15/12.png?client=effect-carto`,
        `GET ${own}/${id}/3/5/15/12.mvt?client=effect-carto`,
        `GET ${own}/${id}/5/0/0.mvt?client=effect-carto`
      ])
      assert.isTrue((yield* seen).every(({ headers }) => headers.authorization === `Basic ${btoa("ana:master-ana")}`))
    }).pipe(Effect.provide(layer([made, png, mvt, reply("anon-089-tile-mvt-empty")])))
  )

  it.effect("refuses a tile that does not exist, and an answer that is none", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      const map = yield* instantiated
      const outside = yield* reasonOf(maps.tile(map, { z: 5, x: 0, y: 32 }))
      assert.strictEqual(outside._tag, "ValidationError")
      assert.strictEqual((yield* seen).length, 1)
      const page = yield* reasonOf(maps.tile(map, at, { format: "mvt" }))
      assert.strictEqual(page._tag, "ProtocolError")
      const picture = yield* reasonOf(maps.tile(map, at, { format: "mvt" }))
      assert.match(picture.message, /instead of mvt the answer is image\/png/)
    }).pipe(Effect.provide(layer([made, { body: "<html>", headers: { "content-type": "text/html" } }, png])))
  )

  it.effect("waits as long as the rate limit asks, also where it is told in pictures", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      const map = yield* instantiated
      const fiber = yield* Effect.forkChild(maps.tile(map, at, { format: "mvt" }))
      yield* TestClock.adjust("1999 millis")
      assert.strictEqual((yield* seen).length, 2)
      yield* TestClock.adjust("1 millis")
      yield* Fiber.join(fiber)
      assert.deepStrictEqual(
        (yield* seen).map(({ at }) => at),
        [0, 0, 2000]
      )
    }).pipe(Effect.provide(layer([made, reply("named-151-rate-tile-mvt"), mvt])))
  )

  it.effect("keeps below the rate of tiles that the server tells, and asks for data meanwhile", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      const map = yield* instantiated
      const fiber = yield* Effect.forkChild(Effect.forEach([1, 2, 3], () => maps.tile(map, at)))
      yield* TestClock.adjust("1 seconds")
      yield* maps.attributes(map, 0, 5)
      assert.strictEqual((yield* seen).length, 4)
      yield* TestClock.adjust("5 seconds")
      yield* Fiber.join(fiber)
      const times = (yield* seen).flatMap(({ at, url }) => (url.includes(".png") ? [at] : []))
      // Maps reference, §21: a burst of two, and one more each two seconds; `Reset` is rounded down.
      assert.deepStrictEqual(times.slice(0, 2), [0, 0])
      assert.isTrue((times[2] ?? 0) >= 2000 && (times[2] ?? 0) <= 3000, times.join())
    }).pipe(
      Effect.provide(
        layer(({ method, url }) => {
          if (method === "POST") return made
          return url.includes("attributes") ? reply("anon-155-attr-nan") : reply("named-148-rate-tile-png-0")
        })
      )
    )
  )

  it.effect("does not repeat a tile that takes too long to draw", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      const map = yield* instantiated
      const reason = yield* reasonOf(maps.tile(map, at))
      assert.strictEqual(reason._tag, "MapError")
      assert.match(reason.advice, /fewer features/)
      assert.strictEqual((yield* seen).length, 2)
    }).pipe(Effect.provide(layer([made, reply("named-155-timeout-tile-png")])))
  )
})

describe("a map that the server has forgotten", () => {
  const again = recorded("anon-022-anon-multi-types").body
  const changed: Reply = { body: String(again).replaceAll(id, "2f1d9fc67769dca76235f3c586922fb1:1800000000000") }

  it.effect("is instantiated again, once, and read by its new id from then on", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      const map = yield* instantiated
      yield* maps.tile(map, at)
      yield* maps.tile(map, at)
      assert.deepStrictEqual(
        (yield* seen).map(({ method, url }) => `${method} ${/:(\d+)\//.exec(new URL(url).pathname)?.[1] ?? ""}`),
        ["POST ", "GET 1714979289123", "POST ", "GET 1800000000000", "GET 1800000000000"]
      )
      const [first, , second] = yield* seen
      assert.strictEqual(second?.body, first?.body)
    }).pipe(Effect.provide(layer([made, expired, changed, png])))
  )

  it.effect("is instantiated again once for all who notice at the same time", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      const map = yield* instantiated
      const tiles = yield* Effect.all(
        Array.from({ length: 8 }, () => maps.tile(map, at)),
        { concurrency: "unbounded" }
      )
      assert.strictEqual(tiles.length, 8)
      assert.strictEqual((yield* seen).filter(({ method }) => method === "POST").length, 2)
    }).pipe(
      Effect.provide(
        layer(({ method, url }, index) =>
          method === "POST" ? (index === 0 ? made : changed) : url.includes("1800000000000") ? png : expired
        )
      )
    )
  )

  it.effect("is given up when the server forgets it again at once", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      const map = yield* instantiated
      const reason = yield* reasonOf(maps.tile(map, at))
      assert.isTrue(reason._tag === "MapError" && reason.isExpired)
      assert.strictEqual((yield* seen).length, 4)
    }).pipe(Effect.provide(layer(({ method }) => (method === "POST" ? made : expired))))
  )

  it.effect("can be renewed before that, so that its addresses lead to what is new", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      const map = yield* instantiated
      const renewed = yield* maps.renew(map)
      assert.notStrictEqual(renewed.tileUrl(at), map.tileUrl(at))
      yield* maps.tile(map, at)
      assert.include((yield* urls)[2], ":1800000000000/5/15/12.png")
      const kept = yield* Schema.encodeEffect(Layergroup)(map)
      const reason = yield* reasonOf(maps.renew(yield* Schema.decodeUnknownEffect(Layergroup)(kept)))
      assert.strictEqual(reason._tag, "ValidationError")
    }).pipe(Effect.provide(layer([made, changed, png])))
  )

  it.effect("stays forgotten when it was kept as JSON", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      const kept = yield* Schema.encodeEffect(Layergroup)(yield* instantiated)
      const map = yield* Schema.decodeUnknownEffect(Layergroup)(kept)
      const reason = yield* reasonOf(maps.attributes(map, 0, 1))
      assert.isTrue(reason._tag === "MapError" && reason.isExpired)
      assert.strictEqual((yield* seen).length, 2)
    }).pipe(Effect.provide(layer([made, expired])))
  )

  it.effect("of another account is not asked for here", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      const map = yield* instantiated
      const reason = yield* reasonOf(maps.tile(new Layergroup({ ...map, baseUrl: "https://bob.carto.com" }), at))
      assert.strictEqual(reason._tag, "ValidationError")
      assert.strictEqual((yield* seen).length, 1)
    }).pipe(Effect.provide(layer([made])))
  )
})

describe("Maps.tiles", () => {
  const area = { bbox: [-10, 36, 4, 44], minzoom: 0, maxzoom: 4 } as const

  it.effect("asks for each tile of an area once, and tells those that are empty", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      const map = yield* instantiated
      const tiles = yield* Stream.runCollect(maps.tiles(map, area, { format: "mvt" }))
      assert.strictEqual(tiles.length, Tiles.count(area))
      const wanted = [...Tiles.coordinates(area)].map(({ x, y, z }) => `${z}/${x}/${y}`).sort()
      assert.deepStrictEqual(tiles.map(({ x, y, z }) => `${z}/${x}/${y}`).sort(), wanted)
      assert.strictEqual(
        tiles.filter(({ isEmpty }) => isEmpty).length,
        wanted.filter((tile) => tile.startsWith("4/")).length
      )
    }).pipe(
      Effect.provide(
        layer(({ method, url }) => (method === "POST" ? made : /:\d+\/4\//.test(url) ? { status: 204 } : mvt))
      )
    )
  )

  it.effect("asks for as many at once as told, and for no more than are taken", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      const map = yield* instantiated
      const taken = yield* maps
        .tiles(map, { ...area, maxzoom: 9 }, { concurrency: 3 })
        .pipe(Stream.take(2), Stream.runCollect)
      assert.strictEqual(taken.length, 2)
      assert.isBelow((yield* seen).length, 30)
    }).pipe(Effect.provide(layer(({ method }) => (method === "POST" ? made : png))))
  )

  it.effect("fails for an area that is none", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      const map = yield* instantiated
      const reason = yield* reasonOf(Stream.runDrain(maps.tiles(map, { ...area, minzoom: 9 })))
      assert.strictEqual(reason._tag, "ValidationError")
    }).pipe(Effect.provide(layer([made])))
  )
})

describe("what a map holds", () => {
  it.effect("is read by feature", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      const map = yield* instantiated
      const attributes = yield* maps.attributes(map, "zones", 5)
      assert.deepStrictEqual(attributes, {
        name: "Bilbao",
        population: 345000,
        score: "NaN",
        opened: "2020-05-01T00:00:00.000Z",
        active: false,
        tags: null
      })
      assert.include(yield* urls, `GET ${own}/${id}/2/attributes/5?client=effect-carto`)
      for (const wrong of [1.5, Number.NaN, 2 ** 60]) {
        assert.strictEqual((yield* reasonOf(maps.attributes(map, 0, wrong)))._tag, "ValidationError")
      }
    }).pipe(Effect.provide(layer([made, reply("anon-155-attr-nan")])))
  )

  it.effect("is summarized by dataviews", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      const map = yield* instantiated
      const histogram = yield* maps.dataview(map, "h_pop", { bins: 6 })
      assert.strictEqual(histogram.type, "histogram")
      if (histogram.type === "histogram") {
        // Maps reference, §21.
        assert.strictEqual(histogram.bin_width, 550_000)
        assert.deepStrictEqual(
          histogram.bins.map(({ bin, freq }) => [bin, freq]),
          [
            [0, 6],
            [1, 2],
            [2, 1],
            [5, 1]
          ]
        )
        assert.strictEqual(histogram.avg, 708_500)
      }
      const categories = yield* maps.dataview(map, "c_name")
      assert.deepStrictEqual(categories.type === "aggregation" && categories.categories.at(-1), {
        category: "Other",
        value: 350_000,
        agg: true
      })
      assert.deepStrictEqual(yield* maps.search(map, "c_name", "sev"), [{ category: "Sevilla", value: 690_000 }])
    }).pipe(
      Effect.provide(
        layer([
          ofDataviews,
          reply("anon-169-dv-h_pop"),
          reply("anon-176-dv-c_name"),
          { body: { type: "aggregation", categories: [{ category: "Sevilla", value: 690_000 }] } }
        ])
      )
    )
  )

  it.effect("lies where the grid says", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      const map = yield* instantiated
      const grid = yield* maps.grid(map, 2, at)
      const row = grid.grid.findIndex((line) => line.includes("!"))
      const column = grid.grid[row]?.indexOf("!") ?? 0
      assert.deepStrictEqual(featureAt(grid, column * 4 + 1, row * 4 + 1), grid.data?.[grid.keys[1] ?? ""])
      assert.isDefined(featureAt(grid, column * 4, row * 4))
      assert.isUndefined(featureAt(grid, 0, 0))
      const torque = yield* maps.torque(map, "torque-layer0", at)
      assert.deepStrictEqual(torque[0], { x__uint8: 81, y__uint8: 127, vals__uint8: [1], dates__uint16: [6] })
      assert.include((yield* urls).join(), `${own}/${id}/4/5/15/12.torque.json`)
    }).pipe(Effect.provide(layer([made, reply("anon-092-tile-grid-json-mapnik"), reply("anon-126-multi-torque-json")])))
  )

  it.effect("is followed to the rows behind a point, and to its analyses", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      const map = yield* instantiated
      assert.isNotEmpty(yield* maps.cluster(map, 0, 4, 1, { columns: ["cat"] }))
      assert.strictEqual((yield* maps.analysis(map, "d1d123")).status, "ready")
      assert.isNotEmpty(yield* maps.analyses)
      assert.deepStrictEqual((yield* urls).slice(1), [
        `GET ${own}/${id}/0/4/cluster/1?aggregation=%7B%22columns%22%3A%5B%22cat%22%5D%7D&client=effect-carto`,
        `GET ${own}/${id}/analysis/node/d1d123?client=effect-carto`,
        `GET ${own}/analyses/catalog?client=effect-carto`
      ])
    }).pipe(
      Effect.provide(
        layer([made, reply("anon-247-cluster"), reply("anon-235-analysis-node"), reply("anon-238-analyses-catalog")])
      )
    )
  )

  it.effect("is drawn as one picture", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      const map = yield* instantiated
      const view = { center: { lng: -3.7, lat: 40.4 }, zoom: 5 }
      const bytes = yield* maps.staticImage(map, view, { width: 300, height: 200 })
      assert.isAbove(bytes.length, 100)
      assert.strictEqual((yield* urls)[1], `GET ${own}/static/center/${id}/5/40.4/-3.7/300/200.png?client=effect-carto`)
      for (const size of [0, 8193, 1.5, Number.NaN]) {
        const reason = yield* reasonOf(maps.staticImage(map, view, { width: 300, height: size }))
        assert.strictEqual(reason._tag, "ValidationError")
      }
    }).pipe(Effect.provide(layer([made, png])))
  )
})

describe("Maps.authorized", () => {
  const url = `${own}/x?q=1`

  it.effect("adds the key to an address of an anonymous map", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      const authorized = yield* maps.authorized(yield* instantiated, url)
      assert.strictEqual(Redacted.value(authorized), `${url}&api_key=master-ana`)
      assert.notInclude(inspect(authorized), "master-ana")
    }).pipe(Effect.provide(layer([made])))
  )

  it.effect("adds nothing where everybody's key does", () =>
    Effect.gen(function* () {
      const maps = yield* Maps
      assert.strictEqual(Redacted.value(yield* maps.authorized(yield* instantiated, url)), url)
    }).pipe(Effect.provide(layer([made], "default_public")))
  )
})
