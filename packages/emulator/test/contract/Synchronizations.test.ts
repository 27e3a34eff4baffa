import { assert, it } from "@effect/vitest"
import { CartoError, ImportSource, Sql, Synchronization, Synchronizations } from "@effect-carto/core"
import { DateTime, Effect, Layer, Stream } from "effect"
import { Emulator } from "../../src/Emulator.ts"
import * as PgliteDatabase from "../../src/PgliteDatabase.ts"
import { content, serve } from "../FileServer.ts"
import { connected } from "./layer.ts"

const reasonOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => {
    assert.instanceOf(error, CartoError)
    return error.reason
  })
const csv = content("name,lon,lat\nAtocha,-3.69,40.4\nSants,2.14,41.37\n", { "content-type": "text/csv" })

const layer = connected().pipe(Layer.provideMerge(Emulator.layer().pipe(Layer.provide(PgliteDatabase.layer()))))

it.layer(layer, { timeout: "2 minutes", excludeTestServices: true })("Synchronizations against the emulator", (it) => {
  it.effect("one is made, followed to its dataset, looked at, changed and deleted", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      const sql = yield* Sql
      const url = yield* serve({ "/Stations.csv": csv })
      const done = yield* synchronizations.run(ImportSource.url(`${url}/Stations.csv`), { interval: "15 minutes" })
      assert.deepStrictEqual([done.state, done.name, done.interval], ["success", "stations", 900])
      assert.strictEqual((yield* sql.query()`select name from stations`).rows.length, 2)
      assert.deepStrictEqual(Synchronization.check(done, yield* DateTime.now), { _tag: "Healthy" })

      const all = yield* synchronizations.list
      assert.deepStrictEqual(
        all.map(({ id }) => id),
        [done.id]
      )
      // The last run began less than 15 minutes ago.
      assert.deepStrictEqual(yield* synchronizations.runNow(done.id), { enqueued: false })
      const changed = yield* synchronizations.update(done.id, { interval: "2 hours" })
      const read = yield* synchronizations.get(done.id)
      assert.strictEqual(read.interval, 7200)
      // The same instant in the two forms of the server.
      assert.deepStrictEqual(read.run_at, changed.run_at)

      yield* synchronizations.delete(done.id)
      assert.strictEqual((yield* reasonOf(synchronizations.get(done.id)))._tag, "NotFoundError")
      assert.strictEqual((yield* sql.query()`select name from stations`).rows.length, 2)
    })
  )

  it.effect("one whose first import fails is told with its code", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      const url = yield* serve({ "/empty.csv": content("") })
      const created = yield* synchronizations.create(ImportSource.url(`${url}/empty.csv`))
      const states = yield* Stream.runCollect(synchronizations.watch(created))
      assert.isTrue(Synchronization.isRunOver(states.at(-1)?.value ?? { synchronization: created, import: undefined }))
      const reason = yield* reasonOf(synchronizations.wait(created))
      if (reason._tag !== "SynchronizationError") return assert.fail(reason._tag)
      assert.strictEqual(reason.code, 1005)
      const health = Synchronization.check(yield* synchronizations.get(created.id), yield* DateTime.now)
      assert.strictEqual(health._tag, "Failing")
      yield* synchronizations.delete(created.id)
    })
  )

  it.effect("one that stays in the queue is not waited for when its import has died", () =>
    Effect.gen(function* () {
      const synchronizations = yield* Synchronizations
      const created = yield* synchronizations.create(ImportSource.service("gdrive", "f1"))
      const reason = yield* reasonOf(synchronizations.wait(created, { timeout: "30 seconds" }))
      if (reason._tag !== "SynchronizationError") return assert.fail(reason._tag)
      assert.deepStrictEqual([reason.code, reason.title, reason.state], [1010, "Nothing to import", "queued"])
      assert.strictEqual((yield* synchronizations.get(created.id)).state, "queued")
      yield* synchronizations.delete(created.id)
    })
  )
})
