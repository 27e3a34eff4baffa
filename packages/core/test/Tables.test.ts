import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { Tables } from "../src/Tables.ts"
import * as examples from "./examples.ts"
import { asked, page, reasonOf, type Script, seen, sent, served } from "./platform.ts"

const layer = (script: Script, options?: { readonly readOnly?: boolean }) => served(Tables.layer(options), script)

describe("Tables", () => {
  it.effect("get reads by name, by a quoted name of another's, and by id", () =>
    Effect.gen(function* () {
      const tables = yield* Tables
      assert.strictEqual((yield* tables.get("stations")).rows_counted, 340)
      yield* tables.get('"bob".other')
      yield* tables.get(examples.tableDetail.id)
      assert.deepStrictEqual(yield* asked, [
        "GET /api/v1/tables/stations",
        "GET /api/v1/tables/bob.other",
        `GET /api/v1/tables/${examples.tableDetail.id}`
      ])
    }).pipe(Effect.provide(layer([{ body: examples.tableDetail }])))
  )

  it.effect("get finds a name with a dot by a search, because the server would split it", () =>
    Effect.gen(function* () {
      const tables = yield* Tables
      assert.strictEqual((yield* tables.get('"v1.2"')).rows_counted, 340)
      const requests = (yield* asked).map((line) => line.replace(/\?.*/, ""))
      assert.deepStrictEqual(requests.at(0), "GET /api/v1/viz")
      assert.deepStrictEqual(requests.slice(-2), [
        `GET /api/v1/viz/${examples.detail.id}`,
        `GET /api/v1/tables/${examples.detail.table.id}`
      ])
    }).pipe(
      Effect.provide(
        layer(({ url }) => {
          if (url.includes("/tables/")) return { body: examples.tableDetail }
          if (url.includes(examples.detail.id)) return { body: examples.detail }
          return page(url.includes("page=1") ? [{ ...examples.detail, name: "v1.2" }] : [], 1)
        })
      )
    )
  )

  for (const name of ["", "a.b.c", "..", `"open`, "a".repeat(64), "a\0b"]) {
    it.effect(`get refuses ${JSON.stringify(name.slice(0, 10))}, which is no name of a table`, () =>
      Effect.gen(function* () {
        const tables = yield* Tables
        assert.strictEqual((yield* reasonOf(tables.get(name)))._tag, "ValidationError")
        assert.lengthOf(yield* seen, 0)
      }).pipe(Effect.provide(layer([])))
    )
  }

  it.effect("accessible lists tables and views once each, whatever moves, with the key as a parameter", () =>
    Effect.gen(function* () {
      const tables = yield* Tables
      const found = yield* Stream.runCollect(tables.accessible({ direction: "desc" }))
      assert.deepStrictEqual(
        found.map(({ name, table_schema }) => `${table_schema}.${name}`),
        ["public.stations", "public.my_view", "bob.stations"]
      )
      assert.deepStrictEqual([found[0]?.mode, found[0]?.privacy, found[1]?.privacy], ["rw", "private", null])
      assert.strictEqual(
        (yield* asked)[0],
        "GET /api/v4/datasets?page=1&per_page=100&order=name&order_direction=desc&api_key=key-of-alice"
      )
    }).pipe(
      Effect.provide(
        layer(({ url }) => {
          const [stations, view] = examples.accessible
          const slice = url.includes("page=1&")
            ? [stations, view]
            : url.includes("page=2&")
              ? [view, { ...stations, table_schema: "bob" }]
              : []
          const href = "https://alice.carto.com/api/v4/datasets?api_key=key-of-alice&page=1"
          return { body: { total: 3, count: slice.length, result: slice, _links: { first: { href } } } }
        })
      )
    )
  )

  for (const [status, body, tag, advice] of [
    [403, { errors: "Forbidden" }, "AuthError", /tableMetadata/],
    [401, " ", "AuthError", /tableMetadata/],
    [400, { errors: "Wrong 'order' parameter value." }, "ValidationError", /request/],
    [404, " ", "NotFoundError", /address/]
  ] as const) {
    it.effect(`accessible, refused with ${status}, is a ${tag}`, () =>
      Effect.gen(function* () {
        const tables = yield* Tables
        const reason = yield* reasonOf(Stream.runDrain(tables.accessible()))
        assert.strictEqual(reason._tag, tag)
        assert.match(reason.advice, advice)
      }).pipe(Effect.provide(layer([{ status, body }])))
    )
  }

  it.effect("get of a table that is gone is a NotFoundError", () =>
    Effect.gen(function* () {
      const tables = yield* Tables
      assert.strictEqual((yield* reasonOf(tables.get("stations")))._tag, "NotFoundError")
    }).pipe(Effect.provide(layer([{ status: 404, body: " " }])))
  )

  it.effect("list gives sizes, the largest first", () =>
    Effect.gen(function* () {
      const tables = yield* Tables
      const sizes = yield* Stream.runCollect(tables.list())
      assert.deepStrictEqual(
        sizes.map(({ name, row_count, size }) => [name, size, row_count]),
        [["stations", 81920, 340]]
      )
      const parameters = new URL((yield* seen)[0]?.url ?? "").searchParams
      assert.strictEqual(parameters.get("order"), "size")
      assert.isNull(parameters.get("show_table_size_and_row_count"))
      assert.strictEqual(parameters.get("show_stats"), "false")
    }).pipe(Effect.provide(layer((_, i) => page(i === 0 ? [examples.listed] : [], 1))))
  )

  it.effect("create makes an empty dataset with columns", () =>
    Effect.gen(function* () {
      const tables = yield* Tables
      yield* tables.create({
        name: "stations",
        columns: { name: "text", height: "numeric(10)", tags: "text[]" },
        geometryType: "point",
        tags: ["a", "b"]
      })
      assert.deepStrictEqual(yield* sent, [
        {
          name: "stations",
          schema: "name text, height numeric(10), tags text[]",
          the_geom_type: "point",
          tags: "a,b"
        }
      ])
      assert.strictEqual(
        (yield* reasonOf(tables.create({ name: "x", columns: { "a, b": "text" } })))._tag,
        "ValidationError"
      )
      assert.lengthOf(yield* seen, 1)
    }).pipe(Effect.provide(layer([{ body: examples.tableDetail }])))
  )

  it.effect("create fails with the server's words", () =>
    Effect.gen(function* () {
      const tables = yield* Tables
      const reason = yield* reasonOf(tables.create({ name: "x" }))
      assert.include(reason.message, "invalid schema")
    }).pipe(Effect.provide(layer([{ status: 400, body: { description: ["invalid schema"], stack: ["a.rb:1"] } }])))
  )

  it.effect("update fills the geometry, or changes the privacy as a number", () =>
    Effect.gen(function* () {
      const tables = yield* Tables
      const { warnings } = yield* tables.update("stations", { longitude_column: "lon", latitude_column: "lat" })
      assert.deepStrictEqual(warnings, ["slow"])
      yield* tables.update("stations", { privacy: "LINK", tags: ["a"] })
      assert.deepStrictEqual(yield* sent, [
        { longitude_column: "lon", latitude_column: "lat" },
        { tags: "a", privacy: 2 }
      ])
    }).pipe(Effect.provide(layer([{ body: { ...examples.tableDetail, warnings: ["slow"] } }])))
  )

  it.effect("a client that only reads changes nothing", () =>
    Effect.gen(function* () {
      const tables = yield* Tables
      assert.strictEqual((yield* reasonOf(tables.create({ name: "x" })))._tag, "ValidationError")
      assert.strictEqual((yield* reasonOf(tables.update("x", { tags: [] })))._tag, "ValidationError")
      assert.lengthOf(yield* seen, 0)
    }).pipe(Effect.provide(layer([], { readOnly: true })))
  )
})
