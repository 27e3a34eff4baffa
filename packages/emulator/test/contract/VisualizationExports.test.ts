import { assert, it } from "@effect/vitest"
import {
  CartoError,
  ImportSource,
  Imports,
  VisualizationExport,
  VisualizationExports,
  Visualizations
} from "@effect-carto/core"
import { Effect, Fiber, Layer, Redacted, Stream } from "effect"
import { Zip } from "effect/encoding"
import { Emulator } from "../../src/Emulator.ts"
import * as PgliteDatabase from "../../src/PgliteDatabase.ts"
import { ask, get, sql } from "../account.ts"
import { json } from "../http.ts"
import { connected } from "./layer.ts"

const reasonOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => {
    assert.instanceOf(error, CartoError)
    return error.reason
  })

const makeDataset = Effect.fnUntraced(function* (name: string) {
  yield* sql(`create table ${name} as select ST_SetSRID(ST_MakePoint(1, 2), 4326) as the_geom;
    select cdb_cartodbfytable('${name}')`)
  return yield* get(`viz/${name}`)
})
const makeMap = (table: string) => Effect.map(ask("POST", "viz", { body: { tables: [table] } }), json)

const layer = connected().pipe(Layer.provideMerge(Emulator.layer().pipe(Layer.provide(PgliteDatabase.layer()))))

it.layer(layer, { timeout: "2 minutes", excludeTestServices: true })(
  "VisualizationExports against the emulator",
  (it) => {
    it.effect("a map is exported and downloaded", () =>
      Effect.gen(function* () {
        const exports = yield* VisualizationExports
        yield* makeDataset("first")
        const map = yield* makeMap("first")
        const done = yield* exports.run(map.id)
        assert.strictEqual(done.state, "complete")
        assert.isString(done.user_id)
        assert.strictEqual((yield* exports.get(done.id)).url, done.url)
        const entries = yield* exports.download(done.id).pipe(
          Stream.pipeThroughChannel(Zip.decode()),
          Stream.mapEffect(({ body, header }) =>
            Effect.map(Stream.runCollect(body), (pieces) => [header.path, Buffer.concat(pieces).toString()] as const)
          ),
          Stream.runCollect
        )
        assert.deepStrictEqual(
          entries.map(([path]) => path),
          [`${map.id}.carto.json`, "first.gpkg"]
        )
        const { visualization } = JSON.parse(entries[0]?.[1] ?? "")
        assert.deepStrictEqual([visualization.name, visualization.layers[0].options.table_name], [map.name, "first"])
      })
    )

    it.effect("a map and its datasets that are gone come back of the file", () =>
      Effect.gen(function* () {
        const exports = yield* VisualizationExports
        const imports = yield* Imports
        const maps = yield* Visualizations
        yield* makeDataset("lost_north")
        yield* makeDataset("lost_south")
        const tables = ["lost_north", "lost_south"]
        const before = json(
          yield* ask("POST", "viz", { body: { name: "Lost", description: "Found again", tags: ["a"], tables } })
        )
        const done = yield* exports.run(before.id)
        const pieces = yield* Stream.runCollect(exports.download(done.id))
        yield* maps.delete(before.id)
        yield* sql("drop table lost_north, lost_south")

        const outcome = yield* imports.run(ImportSource.bytes("lost.carto", Stream.fromIterable(pieces)))
        if (outcome._tag !== "Imported") return assert.fail(outcome._tag)
        assert.deepStrictEqual(outcome.datasets.map(({ name }) => name).toSorted(), tables)
        assert.isTrue(outcome.isCertain)
        const after = yield* maps.get(outcome.map_visualization_id ?? assert.fail("no map"))
        assert.deepInclude(after, { name: "Lost", description: "Found again", tags: ["a"], type: "derived" })
        assert.deepStrictEqual(yield* sql("select ST_AsText(the_geom) as g from lost_south"), [{ g: "POINT(1 2)" }])
      })
    )

    it.effect("its states are seen, and nothing is downloaded before the last one", () =>
      Effect.gen(function* () {
        const exports = yield* VisualizationExports
        const emulator = yield* Emulator
        yield* makeDataset("second")
        const map = yield* makeMap("second")
        yield* emulator.exports.setPolls({ pending: 1, uploading: 1 })
        const { id } = yield* exports.create(map.id)
        assert.strictEqual((yield* reasonOf(Stream.runDrain(exports.download(id))))._tag, "ExportError")
        const watching = yield* Effect.forkChild(Stream.runCollect(exports.watch(id)))
        const states = (yield* Fiber.join(watching)).map(({ value }) => value.state)
        assert.strictEqual(states.at(-1), "complete")
        yield* emulator.exports.setPolls({})
      })
    )

    it.effect("one that fails is told, and the next one is not", () =>
      Effect.gen(function* () {
        const exports = yield* VisualizationExports
        const emulator = yield* Emulator
        yield* makeDataset("failing")
        const map = yield* makeMap("failing")
        yield* emulator.exports.failNext()
        const reason = yield* reasonOf(exports.run(map.id))
        if (reason._tag !== "ExportError") return assert.fail(reason._tag)
        assert.strictEqual(reason.exportState, "failure")
        assert.isNotEmpty(reason.advice)
        assert.strictEqual((yield* exports.run(map.id)).state, "complete")
      })
    )

    it.effect("datasets, unknown ids and the exports of others are refused", () =>
      Effect.gen(function* () {
        const exports = yield* VisualizationExports
        const dataset = yield* makeDataset("third")
        const refused = yield* reasonOf(exports.create(dataset.id))
        assert.strictEqual(refused._tag, "ValidationError")
        assert.match(refused.message, /Only derived visualizations/)
        const unknown = VisualizationExport.VisualizationExportId.make("00000000-0000-4000-8000-000000000000")
        assert.strictEqual((yield* reasonOf(exports.get(unknown)))._tag, "NotFoundError")

        const map = yield* makeMap("third")
        const { id } = yield* exports.run(map.id)
        const stranger = Effect.flatMap(VisualizationExports, (exports) => reasonOf(exports.get(id)))
        const reason = yield* Effect.provide(stranger, connected({ apiKey: Redacted.make("default_public") }))
        assert.strictEqual(reason._tag, "AuthError")
      })
    )
  }
)
