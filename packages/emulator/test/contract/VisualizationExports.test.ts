import { assert, it } from "@effect/vitest"
import { CartoError, VisualizationExport, VisualizationExports } from "@effect-carto/core"
import { Effect, Fiber, Layer, Redacted, Stream } from "effect"
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
        const bytes = Buffer.concat(yield* Stream.runCollect(exports.download(done.id)))
        assert.strictEqual(bytes.subarray(0, 4).toString("latin1"), "PK\u0003\u0004")
        assert.include(bytes.toString("latin1"), `${map.id}.carto.json`)
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
