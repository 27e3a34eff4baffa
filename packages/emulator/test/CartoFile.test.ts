import { assert, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { Zip } from "effect/encoding"
import { Emulator } from "../src/Emulator.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { ask, get, sql } from "./account.ts"
import { json, send } from "./http.ts"
import { rows, status, upload } from "./importing.ts"

const layer = Emulator.layer().pipe(Layer.provideMerge(PgliteDatabase.layer()))

const makeDataset = (name: string, points: number) =>
  sql(`create table ${name} as select '${name} ' || i as label, ST_SetSRID(ST_MakePoint(i, i), 4326) as the_geom
    from generate_series(1, ${points}) i; select cdb_cartodbfytable('${name}')`)

/** The `.carto` file of a map. */
const exported = Effect.fnUntraced(function* (id: string) {
  const { origin } = yield* Emulator
  const made = json(yield* ask("POST", "v3/visualization_exports", { body: { visualization_id: id } }))
  const done = yield* Effect.repeat(get(`v3/visualization_exports/${made.id}`), {
    until: ({ state }) => state === "complete" || state === "failure"
  })
  return (yield* send(`${origin}${done.url}?api_key=local-master-key`)).body
})

const zipped = (files: Readonly<Record<string, string | Uint8Array>>) =>
  Stream.fromIterable(Object.entries(files).map(([name, content]) => Zip.file(name, content))).pipe(
    Stream.pipeThroughChannel(Zip.encode()),
    Stream.runCollect,
    Effect.map((pieces) => Buffer.concat(pieces))
  )

const mapOf = ({ visualization_id }: Readonly<Record<string, unknown>>) => get(`viz/${visualization_id}`)

const datasetsOf = Effect.fnUntraced(function* (id: unknown) {
  const found = yield* rows(
    `select d.name from carto_emulator.visualization_layers l join carto_emulator.visualizations d on d.id = l.dataset_id
     where l.visualization_id = '${id}' order by l.place`
  )
  return found.map(({ name }) => name)
})

const definition = (visualization: object) => JSON.stringify({ version: "2.1.3", visualization })
const csv = "label,lat,lon\nA,1,2\n"

it.layer(layer, { timeout: "3 minutes", excludeTestServices: true })("Imports of exported maps", (it) => {
  it.effect("make the datasets and the map over them", () =>
    Effect.gen(function* () {
      yield* makeDataset("stops", 2)
      yield* makeDataset("lines", 3)
      const asked = { name: "Transit", description: "All of it", tags: ["bus", "tram"], privacy: "LINK" }
      const map = json(yield* ask("POST", "viz", { body: { ...asked, tables: ["stops", "lines"] } }))
      const file = yield* exported(map.id)
      yield* ask("DELETE", `viz/${map.id}`)
      yield* sql("drop table stops, lines")

      const done = yield* upload("Transit.carto", file)
      assert.deepInclude(done, { state: "complete", error_code: null, tables_created_count: 2, table_name: "lines" })
      const made = yield* mapOf(done)
      assert.notStrictEqual(made.id, map.id)
      assert.deepInclude(made, { ...asked, type: "derived" })
      assert.deepStrictEqual(yield* datasetsOf(made.id), ["stops", "lines"])
      assert.deepStrictEqual(yield* sql("select cartodb_id, label, ST_AsText(the_geom) as g from stops order by 1"), [
        { cartodb_id: 1, label: "stops 1", g: "POINT(1 1)" },
        { cartodb_id: 2, label: "stops 2", g: "POINT(2 2)" }
      ])

      // Beside what is there, everything gets a number.
      const again = yield* upload("Transit.carto", file)
      assert.deepInclude(again, { state: "complete", tables_created_count: 2, table_name: "lines_1" })
      assert.strictEqual((yield* mapOf(again)).name, "Transit 1")
      assert.deepStrictEqual(yield* datasetsOf(again.visualization_id), ["stops_1", "lines_1"])

      // What is skipped is shown as it is.
      const skipped = yield* upload("Transit.carto", file, "?collision_strategy=skip")
      assert.deepInclude(skipped, { state: "complete", error_code: null, table_id: null, tables_created_count: 0 })
      assert.deepStrictEqual(yield* datasetsOf(skipped.visualization_id), ["stops", "lines"])
    })
  )

  it.effect("take the layers of definitions of other versions as they come", () =>
    Effect.gen(function* () {
      const layers = [
        { kind: "tiled", options: { urlTemplate: "https://tiles.test/{z}/{x}/{y}.png" } },
        { kind: "carto", options: { table_name: "second", query: "" } },
        { kind: "carto", options: { table_name: "Die Erste" } },
        { kind: "carto", options: { table_name: "second" } },
        { kind: "torque", options: { table_name: "not_here" } },
        { kind: "tiled", options: null }
      ]
      const file = yield* zipped({
        "x.carto.json": definition({ name: "Layers", layers }),
        "Die Erste.csv": csv,
        "second.csv": csv
      })
      const done = yield* upload("layers.zip", file, "?create_vis=true")
      assert.deepStrictEqual(yield* datasetsOf(done.visualization_id), ["second", "die_erste"])
      assert.deepInclude(yield* mapOf(done), { name: "Layers", description: null, tags: [], privacy: "PRIVATE" })
      const maps = yield* rows("select name from carto_emulator.visualizations where name like '% map'")
      assert.deepStrictEqual(maps, [])
    })
  )

  it.effect("give no more than the account has, and know no passwords", () =>
    Effect.gen(function* () {
      const { plan } = yield* Emulator
      const file = (privacy: string) =>
        zipped({ "x.carto.json": definition({ name: "Secret", privacy, layers: [] }), "guarded.csv": csv })
      const hidden = yield* upload("a.carto", yield* file("password"))
      assert.strictEqual((yield* mapOf(hidden)).privacy, "PRIVATE")
      yield* plan.set({ privateMaps: false })
      const shown = yield* upload("a.carto", yield* file("private"))
      assert.strictEqual((yield* mapOf(shown)).privacy, "PUBLIC")
      yield* plan.set({ privateMaps: true, publicMapQuota: 0 })
      const refused = yield* upload("a.carto", yield* file("public"))
      assert.deepInclude(refused, { state: "failure", error_code: 8007, visualization_id: null })
      yield* plan.set({ publicMapQuota: undefined })
    })
  )

  it.effect("fail without a definition that can be read, or without datasets", () =>
    Effect.gen(function* () {
      const broken = yield* zipped({ "x.carto.json": "{", "broken.csv": csv })
      assert.deepInclude(yield* upload("b.carto", broken), { state: "failure", error_code: 1003 })
      assert.deepStrictEqual(yield* rows("select 1 as one from pg_class where relname = 'broken'"), [])
      const empty = yield* zipped({ "x.carto.json": definition({ name: "Nothing", layers: [] }) })
      assert.deepInclude(yield* upload("c.carto", empty), { state: "failure", error_code: 1002 })
      const done = yield* upload("d.carto", "no archive")
      assert.deepInclude(done, { state: "failure", error_code: 1003 })
      assert.strictEqual((yield* status(String(done.id))).visualization_id, null)
    })
  )
})
