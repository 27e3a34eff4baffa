import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Logger, Redacted, Schema } from "effect"
import { TestClock } from "effect/testing"
import { Auth } from "../src/Auth.ts"
import { CartoClient } from "../src/CartoClient.ts"
import type { CartoError } from "../src/CartoError.ts"
import * as MapConfig from "../src/MapConfig.ts"
import * as MapLayer from "../src/MapLayer.ts"
import { Maps } from "../src/Maps.ts"
import * as MapTemplate from "../src/MapTemplate.ts"
import { NamedMaps, type NamedMapsOptions } from "../src/NamedMaps.ts"
import { HttpMock, type Reply, type Seen } from "./HttpMock.ts"
import { recorded, replyOf } from "./recordings.ts"

const layer = (
  replies: ReadonlyArray<Reply> | ((seen: Seen, index: number) => Reply),
  options?: NamedMapsOptions,
  retries = 0
) =>
  Layer.mergeAll(NamedMaps.layer(options), Maps.layer()).pipe(
    Layer.provide(CartoClient.layer({ retries })),
    Layer.provide(Auth.layer({ url: "https://ana.carto.com", apiKey: Redacted.make("master-ana") })),
    Layer.provideMerge(HttpMock.layer(replies))
  )

const reply = (name: string) => replyOf(recorded(name))
const token = Redacted.make("t0ken one&two")
const template = MapTemplate.make(
  "cities",
  MapConfig.make([
    MapLayer.mapnik("select * from cities where population > <%= minimum %>", {
      cartocss: "#layer { marker-fill: <%= color %>; }"
    })
  ]),
  {
    auth: MapTemplate.tokens(token),
    placeholders: { minimum: MapTemplate.number(0), color: MapTemplate.cssColor("red") }
  }
)
const json = Schema.encodeSync(MapTemplate.MapTemplate)(template)
const written: Reply = { body: { template_id: "cities" } }
const missing = reply("named-046-named-get-404")

const seen = Effect.flatMap(HttpMock, (mock) => mock.seen)
const calls = Effect.map(seen, (all) => all.map(({ method, url }) => `${method} ${new URL(url).pathname}`))
const reasonOf = <A, R>(effect: Effect.Effect<A, CartoError, R>) =>
  Effect.map(Effect.flip(effect), ({ reason }) => reason)

describe("NamedMaps.create", () => {
  it.effect("posts the template as JSON, with the key in the header only", () =>
    Effect.gen(function* () {
      const maps = yield* NamedMaps
      assert.deepStrictEqual(yield* maps.create(template), { name: "cities", change: "created" })
      const [request] = yield* seen
      assert.strictEqual(request?.method, "POST")
      assert.strictEqual(request?.url, "https://ana.carto.com/api/v1/map/named?client=effect-carto")
      assert.strictEqual(request?.headers["content-type"], "application/json")
      assert.deepStrictEqual(JSON.parse(request?.body ?? ""), json)
      assert.notInclude(JSON.stringify([request?.url, request?.body]), "master-ana")
    }).pipe(Effect.provide(layer([written])))
  )

  it.effect("tells when few more fit, and when none does", () =>
    Effect.gen(function* () {
      const maps = yield* NamedMaps
      const created = yield* maps.create(template)
      assert.strictEqual(created.limitMessage, "99 more")
      const reason = yield* reasonOf(maps.create(template))
      assert.strictEqual(reason._tag, "QuotaError")
    }).pipe(
      Effect.provide(
        layer([
          { body: { template_id: "cities", limit_message: "99 more" } },
          {
            status: 409,
            body: {
              errors: ["User 'ana' reached limit on number of templates (1024/1024)"],
              errors_with_context: [
                { type: "unknown", message: "User 'ana' reached limit on number of templates (1024/1024)" }
              ]
            }
          }
        ])
      )
    )
  )

  it.effect("refuses a template that holds the account's key, or is too large, before anything is sent", () =>
    Effect.gen(function* () {
      const maps = yield* NamedMaps
      const named = (sql: string) => MapTemplate.make("a", MapConfig.make([MapLayer.mapnik(sql)]))
      const key = yield* reasonOf(maps.create(named("select 'master-ana'")))
      assert.match(key.message, /API key/)
      assert.notInclude(key.message, "master-ana")
      const size = yield* reasonOf(maps.create(named(`select '${"x".repeat(102_400)}'`)))
      assert.match(size.message, /102400/)
      const name = yield* reasonOf(maps.create({ ...template, name: "a b" }))
      assert.match(name.message, /a name of .* at name$/)
      for (const reason of [key, size, name]) assert.strictEqual(reason._tag, "ValidationError")
      assert.deepStrictEqual(yield* seen, [])
    }).pipe(Effect.provide(layer([written])))
  )

  it.effect("repeats no token that the server repeats", () =>
    Effect.gen(function* () {
      const error = yield* Effect.flip(Effect.flatMap(NamedMaps, (maps) => maps.create(template)))
      assert.notInclude(inspect(error, { depth: 9 }) + JSON.stringify(error), "t0ken")
      assert.include(error.message, "cannot read")
    }).pipe(
      Effect.provide(
        layer([
          {
            status: 400,
            body: {
              errors: ['cannot read "t0ken one&two"'],
              errors_with_context: [{ type: "unknown", message: 'cannot read "t0ken one&two"' }]
            }
          }
        ])
      )
    )
  )

  it.effect("says that the name is taken", () =>
    Effect.gen(function* () {
      const reason = yield* reasonOf(Effect.flatMap(NamedMaps, (maps) => maps.create(template)))
      assert.strictEqual(reason._tag, "MapError")
      assert.strictEqual(reason.advice, "Update it, or apply it.")
    }).pipe(Effect.provide(layer([reply("named-013-named-create-duplicate")])))
  )
})

describe("NamedMaps.update", () => {
  it.effect("logs no token that the server repeats while it waits", () =>
    Effect.gen(function* () {
      const lines: Array<string> = []
      const logger = Logger.make(({ message }) => {
        lines.push(String(message))
      })
      const fiber = yield* Effect.flatMap(NamedMaps, (maps) => maps.update(template)).pipe(
        Effect.provide(Logger.layer([logger])),
        Effect.forkChild
      )
      yield* TestClock.adjust("10 seconds")
      assert.strictEqual((yield* Fiber.join(fiber)).change, "updated")
      assert.match(lines.join(), /Waiting .* cannot store <redacted>/)
      assert.notInclude(lines.join(), "t0ken")
    }).pipe(
      Effect.provide(layer([{ status: 503, body: "cannot store t0ken one&two" }, written], { readOnly: false }, 1))
    )
  )
})

describe("NamedMaps.get", () => {
  it.effect("redacts the tokens, and drops a key that another client has stored", () =>
    Effect.gen(function* () {
      const maps = yield* NamedMaps
      const stored = yield* maps.get("a/b")
      assert.strictEqual(stored.name, "cities")
      assert.deepStrictEqual(stored.auth?.valid_tokens?.map(Redacted.value), ["t0ken one&two"])
      assert.deepStrictEqual(stored.other, [1])
      assert.notInclude(inspect(stored, { depth: 9 }) + JSON.stringify(stored), "t0ken")
      assert.notInclude(JSON.stringify(stored), "master-ana")
      assert.deepStrictEqual(yield* calls, ["GET /api/v1/map/named/a%2Fb"])
    }).pipe(
      Effect.provide(layer([{ body: { template: { ...json, other: [1], api_key: "master-ana", client: "cps" } } }]))
    )
  )

  it.effect("shows nothing of an answer that it cannot read", () =>
    Effect.gen(function* () {
      const maps = yield* NamedMaps
      for (let i = 0; i < 3; i++) {
        const error = yield* Effect.flip(maps.get("cities"))
        assert.include(["ProtocolError", "ValidationError"], error.reason._tag)
        assert.notInclude(inspect(error, { depth: 9 }) + JSON.stringify(error), "t0ken")
      }
    }).pipe(
      Effect.provide(
        layer([
          { body: '{"template":{"auth":{"valid_tokens":["t0ken"' },
          { body: { templates: { valid_tokens: ["t0ken"] } } },
          { body: { template: { name: 1, auth: { valid_tokens: ["t0ken", 1] } } } }
        ])
      )
    )
  )
})

describe("NamedMaps.apply", () => {
  it.effect("creates what is not there", () =>
    Effect.gen(function* () {
      const maps = yield* NamedMaps
      assert.strictEqual((yield* maps.apply(template)).change, "created")
      assert.deepStrictEqual(yield* calls, ["GET /api/v1/map/named/cities", "POST /api/v1/map/named"])
    }).pipe(Effect.provide(layer([missing, written])))
  )

  it.effect("leaves what is as it should be, in whatever order its members are stored", () =>
    Effect.gen(function* () {
      const maps = yield* NamedMaps
      assert.deepStrictEqual(yield* maps.apply(template), { name: "cities", change: "unchanged" })
      assert.strictEqual((yield* seen).length, 1)
    }).pipe(Effect.provide(layer([{ body: { template: Object.fromEntries(Object.entries(json).toReversed()) } }])))
  )

  it.effect("takes the members that the server adds for its own", () =>
    Effect.gen(function* () {
      const maps = yield* NamedMaps
      const {
        auth: _,
        placeholders: __,
        ...bare
      } = MapTemplate.make("a", MapConfig.make([MapLayer.mapnik("select 1")]))
      assert.strictEqual((yield* maps.apply(bare)).change, "unchanged")
    }).pipe(
      Effect.provide(
        layer([
          {
            body: {
              template: {
                auth: { method: "open" },
                version: "0.0.1",
                name: "a",
                layergroup: { version: "1.8.0", layers: [{ type: "mapnik", options: { sql: "select 1" } }] },
                placeholders: {}
              }
            }
          }
        ])
      )
    )
  )

  it.effect("replaces what differs, and what holds a key", () =>
    Effect.gen(function* () {
      const maps = yield* NamedMaps
      assert.strictEqual((yield* maps.apply(template)).change, "updated")
      const [, put] = yield* seen
      assert.strictEqual(put?.method, "PUT")
      assert.deepStrictEqual(JSON.parse(put?.body ?? ""), json)
    }).pipe(Effect.provide(layer([{ body: { template: { ...json, api_key: "master-ana" } } }, written])))
  )

  it.effect("replaces what somebody else has just created", () =>
    Effect.gen(function* () {
      const maps = yield* NamedMaps
      assert.strictEqual((yield* maps.apply(template)).change, "updated")
      assert.deepStrictEqual(yield* calls, [
        "GET /api/v1/map/named/cities",
        "POST /api/v1/map/named",
        "PUT /api/v1/map/named/cities"
      ])
    }).pipe(Effect.provide(layer([missing, reply("named-013-named-create-duplicate"), written])))
  )
})

describe("NamedMaps.prune", () => {
  const names: Reply = { body: { template_ids: ["a", "b", "tpl_1", "x_1", "x_2"] } }
  const gone: Reply = { status: 204 }

  it.effect("deletes all but those to keep, and those of CARTO's Builder", () =>
    Effect.gen(function* () {
      const maps = yield* NamedMaps
      assert.deepStrictEqual(yield* maps.prune(["a", "x_1"]), ["b", "x_2"])
      assert.deepStrictEqual((yield* calls).slice(1), ["DELETE /api/v1/map/named/b", "DELETE /api/v1/map/named/x_2"])
    }).pipe(Effect.provide(layer([names, gone])))
  )

  it.effect("deletes nothing in a dry run", () =>
    Effect.gen(function* () {
      const maps = yield* NamedMaps
      assert.deepStrictEqual(yield* maps.prune([], { prefix: "x_", dryRun: true }), ["x_1", "x_2"])
      assert.deepStrictEqual(yield* maps.prune([], { prefix: "tpl_", dryRun: true }), ["tpl_1"])
      assert.isTrue((yield* calls).every((call) => call === "GET /api/v1/map/named"))
    }).pipe(Effect.provide(layer([names])))
  )

  it.effect("does not count what another has deleted meanwhile", () =>
    Effect.gen(function* () {
      const maps = yield* NamedMaps
      assert.deepStrictEqual(yield* maps.prune(["a"], { prefix: "x_" }), ["x_2"])
    }).pipe(Effect.provide(layer([names, reply("named-139-named-delete-again"), gone])))
  )
})

describe("a client that only reads", () => {
  it.effect("changes no template", () =>
    Effect.gen(function* () {
      const maps = yield* NamedMaps
      for (const change of [maps.create(template), maps.update(template), maps.delete("a")]) {
        const reason = yield* reasonOf(Effect.asVoid(change))
        assert.strictEqual(reason._tag, "ValidationError")
      }
      assert.deepStrictEqual(yield* seen, [])
    }).pipe(Effect.provide(layer([written], { readOnly: true })))
  )
})

describe("NamedMaps.instantiate", () => {
  it.effect("sends the values, and the token with this and all further requests", () =>
    Effect.gen(function* () {
      const named = yield* NamedMaps
      const maps = yield* Maps
      const map = yield* named.instantiate(template, {
        placeholders: { minimum: 12.5, color: "#00f" },
        styles: { 0: "#layer {}" },
        authToken: token,
        aggregation: true,
        filters: { dataviews: { kinds: { accept: ["a"] } } }
      })
      yield* maps.tile(map, { z: 5, x: 15, y: 12 })
      const [post, get] = yield* seen
      const url = new URL(post?.url ?? "")
      assert.strictEqual(url.pathname, "/api/v1/map/named/cities")
      assert.strictEqual(url.searchParams.get("auth_token"), "t0ken one&two")
      assert.strictEqual(url.searchParams.get("aggregation"), "true")
      assert.strictEqual(url.searchParams.get("filters"), '{"dataviews":{"kinds":{"accept":["a"]}}}')
      assert.deepStrictEqual(JSON.parse(post?.body ?? ""), {
        minimum: 12.5,
        color: "#00f",
        styles: { "0": "#layer {}" }
      })
      const tile = new URL(get?.url ?? "")
      assert.strictEqual(tile.pathname, `/api/v1/map/${map.layergroupid}/5/15/12.png`)
      assert.strictEqual(tile.searchParams.get("auth_token"), "t0ken one&two")
      assert.notInclude(inspect(map, { depth: 9 }) + JSON.stringify(map), "t0ken")
      const authorized = yield* maps.authorized(map, map.tileUrl({ z: 0, x: 0, y: 0 }))
      assert.notInclude(String(authorized), "t0ken")
      assert.match(Redacted.value(authorized), /0\/0\/0\.png\?auth_token=t0ken%20one%26two$/)
    }).pipe(Effect.provide(layer([reply("named-056-named-inst-ok"), reply("anon-083-tile-png")])))
  )

  it.effect("checks values against the template", () =>
    Effect.gen(function* () {
      const maps = yield* NamedMaps
      const wrong: ReadonlyArray<readonly [values: Record<string, string | number>, words: RegExp]> = [
        [{ minimum: "12.5" }, /minimum must be a number/],
        [{ minimum: Number.NaN }, /minimum must be a number/],
        [{ color: "rgb(1,2,3)" }, /color must be a css_color/],
        [{ color: 3 }, /color must be a css_color/],
        [{ size: 3 }, /size is no placeholder/]
      ]
      for (const [placeholders, words] of wrong) {
        const reason = yield* reasonOf(maps.instantiate(template, { placeholders }))
        assert.strictEqual(reason._tag, "ValidationError")
        assert.match(reason.message, words)
      }
      const reason = yield* reasonOf(maps.instantiate("cities", { placeholders: { a: Number.NaN } }))
      assert.match(reason.message, /a must be text or a number/)
      assert.deepStrictEqual(yield* seen, [])
    }).pipe(Effect.provide(layer([written])))
  )

  it.effect("says what a missing token is for, and repeats none", () =>
    Effect.gen(function* () {
      const maps = yield* NamedMaps
      const error = yield* Effect.flip(maps.instantiate("cities", { authToken: Redacted.make("s3cret/é") }))
      assert.strictEqual(error.reason._tag, "AuthError")
      assert.match(error.advice, /token/)
      const page = yield* Effect.flip(maps.instantiate("cities", { authToken: Redacted.make("s3cret/é") }))
      assert.notInclude(inspect(page, { depth: 9 }) + JSON.stringify(page), "s3cret")
    }).pipe(
      Effect.provide(
        layer([
          reply("named-062-named-inst-bad-token"),
          { status: 400, body: "Cannot POST /named/cities?auth_token=s3cret%2F%C3%A9 for s3cret/é" }
        ])
      )
    )
  )

  it.effect("is repeated once when the server has forgotten the map", () =>
    Effect.gen(function* () {
      const named = yield* NamedMaps
      const maps = yield* Maps
      const map = yield* named.instantiate("cities", { authToken: token })
      const tile = yield* maps.tile(map, { z: 5, x: 15, y: 12 })
      assert.isFalse(tile.isEmpty)
      assert.deepStrictEqual(
        (yield* seen).map(({ method, url }) => [method, new URL(url).searchParams.get("auth_token")]),
        [
          ["POST", "t0ken one&two"],
          ["GET", "t0ken one&two"],
          ["POST", "t0ken one&two"],
          ["GET", "t0ken one&two"]
        ]
      )
    }).pipe(
      Effect.provide(
        layer([
          reply("named-056-named-inst-ok"),
          reply("more-051-named-expired-tile"),
          reply("more-053-named-reinst"),
          reply("anon-083-tile-png")
        ])
      )
    )
  )
})

describe("a named map without instantiation", () => {
  it.effect("gives tiles and pictures of its defaults", () =>
    Effect.gen(function* () {
      const maps = yield* NamedMaps
      const tile = yield* maps.tile("a/b", [0, 1], { z: 5, x: 15, y: 12 }, { authToken: token, format: "mvt" })
      assert.isTrue(tile.isEmpty)
      const image = yield* maps.staticImage("cities", { width: 30, height: 20 }, { format: "jpg", layers: [0, 1] })
      assert.isAbove(image.length, 100)
      const [first, second] = yield* seen
      assert.strictEqual(
        first?.url,
        "https://ana.carto.com/api/v1/map/named/a%2Fb/0,1/5/15/12.mvt?auth_token=t0ken+one%26two&client=effect-carto"
      )
      assert.strictEqual(
        second?.url,
        "https://ana.carto.com/api/v1/map/static/named/cities/30/20.jpg?layer=0%2C1&client=effect-carto"
      )
    }).pipe(
      Effect.provide(
        layer([
          { status: 200, body: "", headers: { "content-type": "application/x-protobuf" } },
          reply("more-008-static-named-view-jpg")
        ])
      )
    )
  )

  it.effect("refuses a tile of another format than asked for", () =>
    Effect.gen(function* () {
      const maps = yield* NamedMaps
      const reason = yield* reasonOf(maps.tile("cities", 0, { z: 5, x: 15, y: 12 }))
      assert.strictEqual(reason._tag, "ProtocolError")
      assert.match(reason.message, /instead of png the answer is application\/x-protobuf/)
    }).pipe(Effect.provide(layer([reply("anon-087-tile-mvt")])))
  )
})

describe("NamedMaps.list", () => {
  it.effect("gives all names", () =>
    Effect.gen(function* () {
      const maps = yield* NamedMaps
      assert.isAbove((yield* maps.list).length, 3)
    }).pipe(Effect.provide(layer([reply("named-042-named-list")])))
  )

  it.effect("needs the master key, and says so", () =>
    Effect.gen(function* () {
      const maps = yield* NamedMaps
      const error = yield* Effect.flip(maps.list)
      assert.strictEqual(error.reason._tag, "AuthError")
      assert.match(error.advice, /master key/)
    }).pipe(Effect.provide(layer([reply("named-003-named-list-nokey")])))
  )
})
