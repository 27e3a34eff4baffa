import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Redacted, Result, Schema } from "effect"
import * as Synchronization from "../src/Synchronization.ts"
import { created, synchronization } from "./fixtures/synchronization.ts"
import { mutations } from "./mutations.ts"

const decode = Schema.decodeUnknownSync(Synchronization.Synchronization)
const required = ["id", "state", "interval"]
const optional = Object.keys(created).filter((name) => !required.includes(name))

describe("Synchronization", () => {
  it("decodes the answer to a creation, and the same as it is read later: one instant in two forms", () => {
    const made = Schema.decodeUnknownSync(Synchronization.CreatedSynchronization)(created)
    assert.strictEqual(made.data_import?.item_queue_id, "2b7a6f0a-7f3c-4c0f-9a5e-0b7f3c1d2e3f")
    assert.isNull(made.name)
    const read = decode({ ...synchronization("queued"), run_at: "2019-04-02T10:31:05.118Z" })
    assert.deepStrictEqual(made.run_at, read.run_at)
    assert.deepStrictEqual(
      decode({ ...synchronization("queued"), run_at: "2019-04-02 10:31:05.118 UTC" }).run_at,
      read.run_at
    )
  })

  it("keeps what a connector was given out of sight", () => {
    const read = decode({ ...synchronization("success"), service_item_id: '{"password":"hunter2"}' })
    assert.notInclude(`${JSON.stringify(read)}${String(read.service_item_id)}`, "hunter2")
    assert.strictEqual(read.service_item_id && Redacted.value(read.service_item_id), '{"password":"hunter2"}')
  })

  it.effect.prop(
    "decodes whatever else the server tells, or leaves out",
    [mutations(created, optional, ["state", "service_name", "error_message"])],
    ([value]) =>
      Effect.gen(function* () {
        const read = yield* Schema.decodeUnknownEffect(Synchronization.CreatedSynchronization)(value)
        Synchronization.check(read, yield* DateTime.now)
        Result.match(Synchronization.outcome("test", read), {
          onFailure: ({ message }) => assert.isNotEmpty(message),
          onSuccess: ({ state }) => assert.strictEqual(state, "success")
        })
      })
  )

  it("takes only success and failure for ends", () => {
    const over = ["created", "queued", "syncing", "success", "failure", "paused"].filter((state) =>
      Synchronization.isOver(decode(synchronization(state)))
    )
    assert.deepStrictEqual(over, ["success", "failure"])
  })
})

describe("Synchronization.check", () => {
  const runAt = DateTime.makeUnsafe("2019-04-02T10:31:05.118Z")
  const later = (time: Duration.Input) => DateTime.addDuration(runAt, time)
  const check = (members: object, now: Duration.Input = 0) =>
    Synchronization.check(decode({ ...synchronization("success"), ...members }), later(now))

  it("is healthy between runs, and with the error of a run before the last one", () => {
    assert.deepStrictEqual(check({}), { _tag: "Healthy" })
    assert.deepStrictEqual(check({}, "1 hour"), { _tag: "Healthy" })
    assert.deepStrictEqual(check({ error_code: 1017, error_message: "File not found" }), { _tag: "Healthy" })
    assert.deepStrictEqual(check({ state: "syncing" }), { _tag: "Healthy" })
    assert.deepStrictEqual(check({ run_at: null }, "1000 days"), { _tag: "Healthy" })
  })

  it("is failing with code, title and remedy, also while a retry is under way", () => {
    for (const state of ["failure", "queued", "syncing"]) {
      const health = check({ state, error_code: 1017, error_message: null, retried_times: 3 }, "10 days")
      if (health._tag !== "Failing") return assert.fail(health._tag)
      assert.deepStrictEqual([health.code, health.title, health.retriesLeft], [1017, "File not found", 7])
      assert.match(health.remedy, /gone from its source/)
    }
  })

  it("tells the server's own words without their HTML, and that it has given up", () => {
    const health = check({
      state: "failure",
      error_code: 424_242,
      error_message: "Odd file. <a href='mailto:help@example.test'>Contact us</a>",
      retried_times: 12
    })
    if (health._tag !== "Failing") return assert.fail(health._tag)
    assert.strictEqual(health.title, "Odd file. Contact us")
    assert.strictEqual(health.retriesLeft, 0)
    assert.match(health.remedy, /given up/)
  })

  const patience: ReadonlyArray<readonly [interval: number, until: Duration.Input]> = [
    [900, "1 hour"],
    [7_200, "2 hours"],
    [2_592_000, "1 day"]
  ]
  for (const [interval, until] of patience) {
    it(`is stale when a run every ${interval} s is overdue by more than ${String(until)}`, () => {
      const limit = Duration.toMillis(until)
      for (const state of ["success", "queued", "syncing", "created"]) {
        assert.strictEqual(check({ state, interval }, limit)._tag, "Healthy")
        assert.deepStrictEqual(check({ state, interval }, limit + 1), {
          _tag: "Stale",
          overdue: Duration.millis(limit + 1)
        })
      }
    })
  }

  it("is as patient as it is told", () => {
    const value = decode(synchronization("success"))
    assert.strictEqual(Synchronization.check(value, later("10 minutes"), { patience: "5 minutes" })._tag, "Stale")
    assert.strictEqual(Synchronization.check(value, later("10 days"), { patience: "11 days" })._tag, "Healthy")
  })
})
