import { assert, it } from "@effect/vitest"
import { ImportSource, Synchronization, Synchronizations } from "@effect-carto/core"
import { DateTime, Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Emulator } from "../../src/Emulator.ts"
import * as PgliteDatabase from "../../src/PgliteDatabase.ts"
import { askUntil } from "../asking.ts"
import { type Answer, serve } from "../FileServer.ts"
import { rows } from "../importing.ts"
import { connected } from "./layer.ts"

type One = Synchronization.Synchronization

const texts = (sql: string) => Effect.map(rows(sql), (all) => all.map((row) => Object.values(row).join("|")))

/** A file that changes. */
const changing = Effect.fnUntraced(function* (path: string, first: string) {
  let text = first
  const answer: Answer = (_, response) => response.writeHead(200, { etag: JSON.stringify(text) }).end(text)
  const url = yield* serve({ [path]: answer })
  const change = (next: string) =>
    Effect.sync(() => {
      text = next
    })
  return { source: ImportSource.url(`${url}${path}`), change }
})

const reach = (id: One["id"], is: (one: One) => boolean) =>
  Effect.flatMap(Synchronizations, ({ get }) => askUntil(get(id), is))
const rests = ({ state }: One) => state === "success" || state === "failure"
const millis = (instant: DateTime.Utc | null | undefined) => (instant ? DateTime.toEpochMillis(instant) : 0)
/** Over, and begun later than another one. */
const isAfter = (other: One) => (one: One) => rests(one) && millis(one.ran_at) > millis(other.ran_at)
const check = (one: One) => Effect.map(DateTime.now, (now) => Synchronization.check(one, now))

const layer = connected().pipe(Layer.provideMerge(Emulator.layer()), Layer.provideMerge(PgliteDatabase.layer()))

it.layer(layer, { timeout: "3 minutes" })("Runs of synchronizations", (it) => {
  it.effect(
    "one that was just run is not run again; later a changed source is, and an unchanged one makes nothing",
    () =>
      Effect.gen(function* () {
        yield* TestClock.setTime(Date.UTC(2026, 3, 2))
        const { create, delete: remove, runNow } = yield* Synchronizations
        const { change, source } = yield* changing("/stations.csv", "a\n1\n")
        const { id } = yield* create(source, { interval: "1 day" })
        const first = yield* reach(id, rests)
        assert.deepStrictEqual([first.state, yield* texts("select a from stations")], ["success", ["1"]])

        yield* change("a\n2\n3\n")
        assert.deepStrictEqual(yield* runNow(id), { enqueued: false })
        assert.deepStrictEqual(yield* texts("select a from stations"), ["1"])
        yield* TestClock.adjust("16 minutes")
        assert.deepStrictEqual(yield* runNow(id), { enqueued: true })
        const second = yield* reach(id, isAfter(first))
        assert.strictEqual(second.state, "success")
        assert.deepStrictEqual(yield* texts("select a from stations order by 1"), ["2", "3"])

        yield* rows("update stations set a = 9")
        yield* TestClock.adjust("1 day")
        const third = yield* reach(id, isAfter(second))
        assert.strictEqual(third.state, "success")
        assert.deepStrictEqual(yield* texts("select distinct a from stations"), ["9"])
        assert.deepStrictEqual(yield* check(third), { _tag: "Healthy" })
        // Else its next run would take the failure that the other test asks for.
        yield* remove(id)
      }).pipe(Effect.scoped)
  )

  it.effect("a run that fails and one that does not come are noticed", () =>
    Effect.gen(function* () {
      yield* TestClock.setTime(Date.UTC(2027, 3, 2))
      const emulator = yield* Emulator
      const synchronizations = yield* Synchronizations
      const { source } = yield* changing("/trees.csv", "a\n1\n")
      const { id } = yield* synchronizations.create(source, { interval: "1 hour" })
      const first = yield* reach(id, rests)

      yield* emulator.imports.failNext(1103)
      yield* TestClock.adjust("16 minutes")
      assert.deepStrictEqual(yield* synchronizations.runNow(id), { enqueued: true })
      const failing = yield* reach(id, isAfter(first))
      const health = yield* check(failing)
      if (health._tag !== "Failing") return assert.fail(health._tag)
      assert.deepStrictEqual([health.code, health.title, health.retriesLeft], [1103, "Partial file error", 9])

      yield* TestClock.adjust("2 hours")
      const repaired = yield* reach(id, ({ state }) => state === "success")
      assert.deepStrictEqual(yield* check(repaired), { _tag: "Healthy" })
      const late = Synchronization.check(repaired, DateTime.makeUnsafe(millis(repaired.run_at) + 5 * 3_600_000))
      assert.strictEqual(late._tag, "Stale")
      yield* synchronizations.delete(id)
    }).pipe(Effect.scoped)
  )
})
