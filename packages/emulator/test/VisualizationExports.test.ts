import { assert, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { Zip } from "effect/encoding"
import { Emulator } from "../src/Emulator.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { ask, get, makeDataset, makeMap, refusal } from "./account.ts"
import { json, send } from "./http.ts"

const start = (visualization_id: string, more: object = {}, key?: string) =>
  ask("POST", "v3/visualization_exports", {
    body: { visualization_id, ...more },
    ...(key === undefined ? {} : { key })
  })

const read = (id: string, key?: string) =>
  get(`v3/visualization_exports/${id}`, key === undefined ? undefined : { key })

const isOver = ({ state }: { readonly state: string }) => state === "complete" || state === "failure"

/** Asks until the export is over; the states that were seen. */
const follow = Effect.fnUntraced(function* (id: string) {
  const states: Array<string> = []
  for (;;) {
    const last = yield* read(id)
    if (states.at(-1) !== last.state) states.push(last.state)
    if (isOver(last)) return { last, states }
  }
})

/** The names in an archive, and the text of the definition. */
const unzip = (bytes: Uint8Array) =>
  Stream.make(bytes).pipe(
    Stream.pipeThroughChannel(Zip.decode()),
    Stream.mapEffect((entry) =>
      Effect.map(Stream.runCollect(entry.body), (pieces) => [entry.header.path, Buffer.concat(pieces)] as const)
    ),
    Stream.runCollect,
    Effect.map((entries) => new Map(entries))
  )

const layer = Emulator.layer().pipe(Layer.provide(PgliteDatabase.layer()))

it.layer(layer, { timeout: "3 minutes" })("VisualizationExports", (it) => {
  it.effect("a map becomes a file, through all states", () =>
    Effect.gen(function* () {
      const { exports, origin } = yield* Emulator
      yield* makeDataset("first", 3)
      yield* makeDataset("second", 2)
      const map = yield* makeMap("first", "second")
      yield* exports.setPolls({ pending: 1, exporting: 1, uploading: 2 })
      const started = yield* start(map.id)
      const made = json(started)
      assert.strictEqual(started.status, 201)
      assert.deepInclude(made, { visualization_id: map.id, state: "pending", url: null })
      assert.isString(made.user_id)
      const { last, states } = yield* follow(made.id)
      assert.deepStrictEqual(states, ["pending", "exporting", "uploading", "complete"])
      assert.strictEqual(last.url, `/user/alice/api/v3/visualization_exports/${made.id}/download`)

      const file = yield* send(`${origin}${last.url}?api_key=local-master-key`)
      assert.deepStrictEqual([file.status, file.headers["content-type"]], [200, "application/zip"])
      const entries = yield* unzip(file.body)
      assert.deepStrictEqual([...entries.keys()], [`${map.id}.carto.json`, "first.gpkg", "second.gpkg"])
      const { visualization } = JSON.parse(String(entries.get(`${map.id}.carto.json`)))
      assert.deepStrictEqual(
        visualization.layers.map(({ options }: { options: { table_name: string } }) => options.table_name),
        ["first", "second"]
      )
      assert.match(String(entries.get("first.gpkg")?.subarray(0, 15)), /^SQLite format 3/)
      yield* exports.setPolls({})
    })
  )

  it.effect("some datasets are enough, and foreign ones are refused", () =>
    Effect.gen(function* () {
      const { origin } = yield* Emulator
      const one = yield* makeDataset("part_one", 1)
      const two = yield* makeDataset("part_two", 1)
      const map = yield* makeMap("part_one", "part_two")
      const other = yield* makeMap("part_one")
      const { id } = json(yield* start(map.id, { user_tables_ids: two.table.id }))
      const { last } = yield* follow(id)
      const file = yield* send(`${origin}${last.url}?api_key=local-master-key`)
      assert.deepStrictEqual([...(yield* unzip(file.body)).keys()], [`${map.id}.carto.json`, "part_two.gpkg"])
      const refused = yield* start(other.id, { user_tables_ids: `${one.table.id},${two.table.id}` })
      assert.strictEqual(refused.status, 422)
      assert.match(json(refused).errors, /^Errors: \["/)
      assert.strictEqual((yield* start(one.id)).status, 422)
    })
  )

  it.effect("what is no map, no export or somebody's own is refused", () =>
    Effect.gen(function* () {
      const unknown = "d2b5f1a0-0000-4000-8000-000000000000"
      yield* makeDataset("refused", 1)
      const map = yield* makeMap("refused")
      assert.deepStrictEqual(refusal(yield* start(unknown)), [
        404,
        { errors: `Visualization not found: ${unknown}.`, errors_cause: null }
      ])
      assert.strictEqual((yield* start("x")).status, 404)
      const path = (id: string) => `v3/visualization_exports/${id}`
      assert.deepStrictEqual(refusal(yield* ask("GET", path(unknown))), [
        404,
        { errors: `Visualization export not found: ${unknown}.`, errors_cause: null }
      ])
      assert.strictEqual((yield* ask("GET", path("x"))).status, 500)
      const { id } = json(yield* start(map.id))
      assert.strictEqual((yield* ask("GET", path(id), { key: "WRONG" })).status, 403)
      yield* follow(id)
      assert.strictEqual((yield* ask("GET", `${path(id)}/download`, { key: "" })).status, 403)
      assert.strictEqual((yield* start(map.id, {}, "WRONG")).status, 403)
    })
  )

  it.effect("what a stranger exports is everybody's", () =>
    Effect.gen(function* () {
      const dataset = yield* makeDataset("open_to_all", 1)
      yield* ask("PUT", `viz/${dataset.id}`, { body: { id: dataset.id, privacy: "PUBLIC" } })
      const map = yield* makeMap("open_to_all")
      const made = json(yield* start(map.id, {}, "WRONG"))
      assert.strictEqual(made.user_id, null)
      const { last } = yield* follow(made.id)
      assert.deepStrictEqual(yield* read(made.id, ""), last)
    })
  )

  it.effect("an export fails when told to", () =>
    Effect.gen(function* () {
      const { exports } = yield* Emulator
      yield* makeDataset("failing", 1)
      const map = yield* makeMap("failing")
      yield* exports.failNext()
      const { id } = json(yield* start(map.id))
      const { last } = yield* follow(id)
      assert.deepInclude(last, { state: "failure", url: null })
      assert.strictEqual((yield* ask("GET", `v3/visualization_exports/${id}/download`)).status, 404)
      assert.strictEqual((yield* follow(json(yield* start(map.id)).id)).last.state, "complete")
    })
  )
})
