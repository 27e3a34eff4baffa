import { assert, it } from "@effect/vitest"
import { ApiKeyGrants, ApiKeys, CartoError, Datasets, Sql, Tables, Visualizations } from "@effect-carto/core"
import { Effect, Layer, Stream } from "effect"
import { Emulator } from "../../src/Emulator.ts"
import { connected, layer } from "./layer.ts"

const reasonOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => {
    assert.instanceOf(error, CartoError)
    return error.reason
  })

const measured = Effect.gen(function* () {
  const sql = yield* Sql
  const datasets = yield* Datasets
  yield* sql.execute`create table measured (name text, height numeric, opened date); insert into measured values ('a')`
  return yield* datasets.cartodbfy("measured")
})

it.layer(layer, { timeout: "120 seconds", excludeTestServices: true })("Tables against the emulator", (it) => {
  it.effect("have columns, dependent maps and sizes", () =>
    Effect.gen(function* () {
      const tables = yield* Tables
      const maps = yield* Visualizations
      const { table } = yield* measured
      yield* maps.create({ tables: ["measured"], name: "Map of the measured" })
      const read = yield* tables.get("measured")
      assert.strictEqual(read.id, table?.id)
      assert.deepInclude(read.schema, ["name", "string"])
      assert.deepInclude(read.schema, ["height", "number"])
      assert.deepStrictEqual(
        read.dependent_visualizations.map(({ name }) => name),
        ["Map of the measured"]
      )
      const sizes = yield* Stream.runCollect(tables.list({ orderBy: "name", direction: "asc" }))
      const found = sizes.find(({ name }) => name === "measured")
      assert.isTrue((found?.size ?? 0) > 0)
      assert.strictEqual((yield* reasonOf(tables.get("nowhere")))._tag, "NotFoundError")
    })
  )

  it.effect("are made empty, get their geometry from two columns, and a privacy", () =>
    Effect.gen(function* () {
      const tables = yield* Tables
      const made = yield* tables.create({ name: "Made Here", columns: { label: "text", lon: "float8", lat: "float8" } })
      assert.strictEqual(made.name, "made_here")
      assert.deepInclude(made.schema, ["label", "string"])
      const sql = yield* Sql
      yield* sql.execute`insert into made_here (label, lon, lat) values ('a', 1, 2)`
      yield* tables.update("made_here", { longitude_column: "lon", latitude_column: "lat" })
      assert.deepStrictEqual(
        (yield* sql.query()`select ST_X(the_geom) as x, ST_Y(the_geom) as y from made_here`).rows,
        [{ x: 1, y: 2 }]
      )
      assert.strictEqual((yield* tables.update("made_here", { privacy: "LINK" })).privacy, "LINK")
    })
  )

  it.effect("accessible lists what a key may use, views and odd names included", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      const keys = yield* ApiKeys
      const { url } = yield* Emulator
      yield* sql.execute(
        sql.unsafe(
          'create table "Odd, ""table""" (a int); create view a_view as select 1 as one; create table hidden (a int)'
        )
      )
      const all = yield* Effect.flatMap(Tables, (tables) => Stream.runCollect(tables.accessible()))
      const modes = new Map(all.map(({ mode, name }) => [name, mode]))
      assert.strictEqual(modes.get('Odd, "table"'), "rw")
      assert.isTrue(modes.has("a_view"))
      const { token } = yield* keys.create("catalog", [
        ApiKeyGrants.sql,
        ApiKeyGrants.tableMetadata,
        ApiKeyGrants.table({ name: 'Odd, "table"' }, "select")
      ])
      const seen = yield* Effect.flatMap(Tables, (tables) => Stream.runCollect(tables.accessible())).pipe(
        Effect.provide(Layer.fresh(connected({ url, apiKey: token })))
      )
      const few = new Map(seen.map(({ mode, name }) => [name, mode]))
      assert.strictEqual(few.get('Odd, "table"'), "r")
      assert.isFalse(few.has("hidden"))
      const blind = yield* keys.create("blind", [ApiKeyGrants.sql])
      const refused = yield* reasonOf(
        Effect.flatMap(Tables, (tables) => Stream.runCollect(tables.accessible())).pipe(
          Effect.provide(Layer.fresh(connected({ url, apiKey: blind.token })))
        )
      )
      assert.deepStrictEqual([refused._tag, refused.status], ["AuthError", 403])
    })
  )
})
