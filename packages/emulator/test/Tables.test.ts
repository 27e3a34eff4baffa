import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { Emulator } from "../src/Emulator.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { ask, get, makeDataset, makeMap, refusal, sql } from "./account.ts"
import { json } from "./http.ts"

const layer = Emulator.layer().pipe(Layer.provide(PgliteDatabase.layer()))

it.layer(layer, { timeout: "2 minutes" })("Tables", (it) => {
  it.effect("a table is told with its columns, its dataset and the maps that need it", () =>
    Effect.gen(function* () {
      const made = yield* makeDataset("stations", 2)
      yield* sql("alter table stations add name text, add opened timestamptz, add active boolean, add about jsonb")
      yield* makeDataset("lines")
      const only = yield* makeMap("stations")
      const both = yield* makeMap("lines", "stations")
      const table = yield* get("tables/stations")
      assert.deepStrictEqual(table.schema, [
        ["cartodb_id", "number"],
        ["name", "string"],
        ["opened", "date"],
        ["active", "boolean"],
        ["about", "jsonb"],
        ["the_geom", "geometry", "geometry", "point"]
      ])
      assert.deepInclude(table, { id: made.table.id, map_id: made.map_id, rows_counted: 2, synchronization: null })
      assert.match(table.updated_at, /Z$/)
      assert.strictEqual(table.table_visualization.id, made.id)
      assert.isObject(table.table_visualization.permission)
      const [dependent] = table.dependent_visualizations
      assert.deepStrictEqual(Object.keys(dependent), ["id", "name", "updated_at", "permission", "auth_tokens"])
      const ids = (summaries: ReadonlyArray<{ readonly id: string }>) => summaries.map(({ id }) => id)
      assert.deepStrictEqual(ids(table.dependent_visualizations), [only.id])
      assert.deepStrictEqual(ids(table.non_dependent_visualizations), [both.id])
      assert.strictEqual((yield* get(`tables/${made.table.id}`)).name, "stations")
      assert.deepStrictEqual(refusal(yield* ask("GET", `tables/${made.id}`)), [404, " "])
      assert.deepStrictEqual(refusal(yield* ask("GET", "tables/stations", { key: "" })), [401, " "])
    })
  )

  it.effect("there is no list and no delete", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* ask("GET", "tables")).status, 404)
      assert.strictEqual((yield* ask("DELETE", "tables/stations")).status, 404)
    })
  )

  it.effect("a new table is an empty dataset of a valid name, or a query's", () =>
    Effect.gen(function* () {
      const response = yield* ask("POST", "tables", {
        body: { name: "My Table", schema: "name text, size numeric", description: "mine", tags: "a, b" }
      })
      const made = json(response)
      assert.deepStrictEqual([response.status, response.headers.location], [200, `/tables/${made.id}`])
      assert.deepInclude(made, { name: "my_table", description: "mine", rows_counted: 0, geometry_types: [] })
      assert.deepStrictEqual(made.table_visualization.tags, ["a", "b"])
      assert.deepStrictEqual(made.schema.at(-1), ["the_geom", "geometry", "geometry", "geometry"])
      assert.strictEqual(json(yield* ask("POST", "tables", { body: { name: "My Table" } })).name, "my_table_1")
      const from_query = "select i as n from generate_series(1, 3) i"
      const queried = json(yield* ask("POST", "tables", { body: { name: "queried", from_query } }))
      assert.strictEqual(queried.rows_counted, 3)
    })
  )

  it.effect("what cannot be made leaves nothing behind", () =>
    Effect.gen(function* () {
      const refused = yield* ask("POST", "tables", { body: { name: "broken", schema: "a nonsense" } })
      assert.deepStrictEqual(refusal(refused), [400, { description: ['type "nonsense" does not exist'], stack: [] }])
      assert.deepStrictEqual(yield* sql("select to_regclass('broken') as it"), [{ it: null }])
      const { plan } = yield* Emulator
      yield* plan.set({ tableQuota: 1 })
      assert.deepStrictEqual(refusal(yield* ask("POST", "tables", { body: { name: "one_more" } })), [
        400,
        { errors: ["You have reached your table quota"] }
      ])
      yield* plan.set({ tableQuota: undefined })
    })
  )

  it.effect("an update fills the geometry from degrees, and leaves other rows", () =>
    Effect.gen(function* () {
      yield* sql(
        `create table places as select * from (values ('40.4', '-3.7'), ('91', '0'), ('', 'x'), (null, '1')) v (lat, lon);
         select cdb_cartodbfytable('places')`
      )
      const body = { latitude_column: "lat", longitude_column: "lon" }
      const changed = json(yield* ask("PUT", "tables/places", { body }))
      assert.deepStrictEqual([changed.warnings, changed.geometry_types], [[], ["ST_Point"]])
      assert.deepStrictEqual(
        yield* sql("select ST_X(the_geom) as x, ST_Y(the_geom) as y from places where the_geom is not null"),
        [{ x: -3.7, y: 40.4 }]
      )
      const wrong = yield* ask("PUT", "tables/places", { body: { ...body, latitude_column: "north" } })
      assert.deepStrictEqual(refusal(wrong), [400, { errors: ['column "north" does not exist'] }])
    })
  )

  it.effect("privacy is a number here, and a name is ignored", () =>
    Effect.gen(function* () {
      yield* makeDataset("numbered")
      const put = (body: object) => Effect.map(ask("PUT", "tables/numbered", { body }), json)
      const seen = yield* Effect.forEach([2, 1, "0"], (privacy) =>
        Effect.map(put({ privacy }), (table) => table.privacy)
      )
      assert.deepStrictEqual(seen, ["LINK", "PUBLIC", "PRIVATE"])
      assert.deepInclude(yield* put({ name: "other", description: "d" }), { name: "numbered", description: "d" })
      assert.isArray((yield* put({ privacy: 3 })).errors)
    })
  )
})
