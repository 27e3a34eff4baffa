import { assert, it } from "@effect/vitest"
import { CartoError, ImportErrors, type ImportRunOptions, ImportSource, Imports } from "@effect-carto/core"
import { Effect, Fiber, Layer, Schedule, Stream } from "effect"
import { Emulator } from "../../src/Emulator.ts"
import { Fault, htmlPage, serverError } from "../../src/Faults.ts"
import * as PgliteDatabase from "../../src/PgliteDatabase.ts"
import { content, serve } from "../FileServer.ts"
import { connected } from "./layer.ts"

const file = (name: string, text: string) => ImportSource.bytes(name, Stream.make(new TextEncoder().encode(text)))
const good = file("good.csv", "a\n1\n")

const run = (source: ImportSource.ImportSource, options?: ImportRunOptions) =>
  Effect.flatMap(Imports, ({ run }) => run(source, options))
const reasonOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => {
    assert.instanceOf(error, CartoError)
    return error.reason
  })
const importErrorOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(reasonOf(effect), (reason) =>
    reason._tag === "ImportError" ? reason : assert.fail(`${reason._tag}: ${reason.message}`)
  )

/** Whatever was held back goes on; the server lists one that was stuck for a day. */
const untilIdle = Effect.gen(function* () {
  yield* (yield* Emulator).imports.setPolls({})
  const { list } = yield* Imports
  yield* Effect.repeat(list, { until: ({ length }) => length <= 1, schedule: Schedule.spaced("50 millis") })
})

const layer = connected({ retries: 2 }).pipe(
  Layer.provideMerge(
    Emulator.layer({ maxImportSize: 5_000, maxImportRows: 50 }).pipe(Layer.provide(PgliteDatabase.layer()))
  )
)

it.layer(layer, { timeout: "3 minutes", excludeTestServices: true })("Failures of imports", (it) => {
  it.effect("every code of the server has a title and a remedy, also those that nobody knows", () =>
    Effect.gen(function* () {
      const { imports: knobs } = yield* Emulator
      for (const code of [1002, 1005, 1012, 1501, 2001, 6667, 8001, 99999, 4711]) {
        yield* knobs.failNext(code)
        const error = yield* importErrorOf(run(good, { collisionStrategy: "overwrite" }))
        assert.deepStrictEqual([error.state, error.code], ["failure", code])
        assert.isNotEmpty(error.title)
        assert.isNotEmpty(error.advice)
        assert.include(error.message, `(code ${code})`)
        assert.notMatch(error.message, /<\w+/)
        const known = ImportErrors.describe(code)
        if (known !== undefined) assert.deepStrictEqual([error.remedy, error.fix], [known.remedy, known.fix])
      }
    })
  )

  it.effect("data of which nothing can be made fail with the code of their fault", () =>
    Effect.gen(function* () {
      const url = yield* serve({ "/secret.csv": content("", {}, 403) })
      for (const [source, code] of [
        [file("open.csv", 'a,b\n1,"2\n3,4\n'), 2003],
        [file("header.csv", "a,b\n"), 1005],
        [file("broken.zip", "no archive"), 1003],
        [file("large.csv", `a\n${"x".repeat(5_000)}\n`), 6666],
        [file("long.csv", `a\n${"1\n".repeat(51)}`), 6668],
        [ImportSource.url(`${url}/secret.csv`), 1101],
        [ImportSource.url(`${url}/gone.csv`), 1100],
        [ImportSource.query("select * from nowhere"), 8003]
      ] as const) {
        const error = yield* importErrorOf(run(source))
        assert.strictEqual(error.code, code)
        assert.isNotEmpty(error.remedy)
      }
    }).pipe(Effect.scoped)
  )

  it.effect("stuck and complete without a dataset are failures, too", () =>
    Effect.gen(function* () {
      const { imports: knobs } = yield* Emulator
      yield* knobs.failNext(6671, { as: "stuck", state: "uploading" })
      assert.strictEqual((yield* importErrorOf(run(good))).state, "stuck")
      const nothing = JSON.stringify({
        id: "x",
        state: "complete",
        success: true,
        table_id: null,
        table_name: null,
        tables_created_count: 0,
        error_code: null
      })
      const emulator = yield* Emulator
      yield* emulator.faults.inject(
        Fault.Respond({ status: 200, headers: { "content-type": "application/json" }, body: nothing }),
        { method: "GET", path: "/imports/" }
      )
      const error = yield* importErrorOf(run(good, { collisionStrategy: "overwrite" }))
      assert.deepStrictEqual([error.state, error.title], ["complete", "The import is complete, but made nothing"])
      assert.isNotEmpty(error.remedy)
    }).pipe(Effect.ensuring(Effect.ignore(untilIdle)))
  )

  it.effect("with all slots taken create is refused, and run waits for its turn", () =>
    Effect.gen(function* () {
      const { imports: knobs } = yield* Emulator
      const imports = yield* Imports
      yield* knobs.setPolls({ importing: Number.POSITIVE_INFINITY })
      const ids = yield* Effect.forEach([1, 2, 3], (n) => imports.create(file(`slot_${n}.csv`, "a\n1\n")))
      const refused = yield* reasonOf(imports.create(good))
      assert.strictEqual(refused._tag, "ConcurrencyError")
      assert.match(refused.message, /allowed 3 import slots/)
      const impatient = yield* reasonOf(imports.run(good, { timeout: "500 millis" }))
      assert.strictEqual(impatient._tag, "TimeoutError")
      const patient = yield* Effect.forkChild(imports.run(file("patient.csv", "a\n1\n")))
      assert.includeMembers([...(yield* imports.list)], ids)
      yield* knobs.setPolls({})
      yield* Effect.forEach(ids, (id) => imports.wait(id))
      assert.strictEqual((yield* Fiber.join(patient)).datasets[0]?.name, "patient")
    }).pipe(Effect.ensuring(Effect.ignore(untilIdle)))
  )

  it.effect("one that is given up goes on, and says by which id", () =>
    Effect.gen(function* () {
      const { imports: knobs } = yield* Emulator
      const imports = yield* Imports
      yield* knobs.setPolls({ importing: Number.POSITIVE_INFINITY })
      const before = yield* imports.list
      // As long as a busy machine may need for the upload.
      const late = yield* reasonOf(imports.run(file("late.csv", "a\n1\n"), { timeout: "3 seconds" }))
      assert.strictEqual(late._tag, "TimeoutError")
      const id = (yield* imports.list).find((id) => !before.includes(id))
      if (id === undefined) return assert.fail("nothing goes on")
      assert.include(late.message, `the import ${id} goes on`)
      const still = yield* importErrorOf(imports.wait(id, { stalledAfter: "500 millis" }))
      assert.match(still.message, /stood still .* in state importing$/)
      yield* knobs.setPolls({})
      assert.strictEqual((yield* imports.wait(id)).datasets[0]?.name, "late")
    }).pipe(Effect.ensuring(Effect.ignore(untilIdle)))
  )

  it.effect("a server that breaks down between two looks is asked again", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.imports.setPolls({ pending: 2, importing: 1 })
      for (const fault of [Fault.Reset(), serverError(500), htmlPage(502), Fault.Cut({ afterBytes: 20 })]) {
        yield* emulator.faults.inject(fault, { method: "GET", path: "/imports/" })
        const done = yield* run(good, { collisionStrategy: "overwrite" })
        assert.strictEqual(done._tag, "Imported")
      }
      yield* emulator.imports.setPolls({})
    }).pipe(Effect.ensuring(Effect.ignore(untilIdle)))
  )

  it.effect("an upload whose answer is lost is not sent again, and says that it may have arrived", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const imports = yield* Imports
      const before = yield* imports.list
      yield* emulator.imports.setPolls({ importing: Number.POSITIVE_INFINITY })
      yield* emulator.faults.inject(Fault.Cut({ afterBytes: 0 }), { method: "POST", path: "/imports" })
      const reason = yield* reasonOf(imports.create(file("lost.csv", "a\n1\n")))
      if (reason._tag !== "TransportError") return assert.fail(reason._tag)
      assert.isTrue(reason.mayHaveArrived)
      const found = (yield* imports.list).filter((id) => !before.includes(id))
      assert.strictEqual(found.length, 1)
      yield* emulator.imports.setPolls({})
      yield* Effect.forEach(found, (id) => imports.wait(id))
    }).pipe(Effect.ensuring(Effect.ignore(untilIdle)))
  )
})
