import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { TestClock } from "effect/testing"
import { type Limit, RateLimit } from "../src/RateLimit.ts"

const three: Limit = { burst: 2, count: 3, period: "10 seconds" }

const take = Effect.map(
  Effect.flatMap(RateLimit, (limits) => limits.take("query", "alice")),
  (verdict) => {
    const {
      "carto-rate-limit-remaining": remaining,
      "carto-rate-limit-reset": reset,
      "retry-after": retryAfter
    } = verdict?.headers ?? {}
    return [verdict?.allowed, remaining, reset, retryAfter]
  }
)

const set = (...limits: ReadonlyArray<Limit>) => Effect.flatMap(RateLimit, (service) => service.set("query", limits))

describe("RateLimit", () => {
  it.effect("no limit says nothing", () =>
    Effect.gen(function* () {
      assert.isUndefined(yield* (yield* RateLimit).take("query", "alice"))
      yield* set(three)
      yield* set()
      assert.isUndefined(yield* (yield* RateLimit).take("query", "alice"))
    }).pipe(Effect.provide(RateLimit.layer))
  )

  it.effect("a burst is used up and fills again", () =>
    Effect.gen(function* () {
      yield* set(three)
      assert.deepStrictEqual(yield* take, [true, "2", "3", undefined])
      assert.deepStrictEqual(yield* take, [true, "1", "6", undefined])
      assert.deepStrictEqual(yield* take, [true, "0", "10", undefined])
      assert.deepStrictEqual(yield* take, [false, "0", "10", "4"])
      yield* TestClock.adjust("3333 millis")
      assert.deepStrictEqual(yield* take, [false, "0", "6", "1"])
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(yield* take, [true, "0", "9", undefined])
      yield* TestClock.adjust("1 hour")
      assert.deepStrictEqual(yield* take, [true, "2", "3", undefined])
    }).pipe(Effect.provide(RateLimit.layer))
  )

  it.effect("who waits for Retry-After is let through", () =>
    Effect.gen(function* () {
      yield* set({ burst: 0, count: 1, period: "5 seconds" })
      yield* take
      yield* TestClock.adjust("500 millis")
      assert.deepStrictEqual(yield* take, [false, "0", "4", "5"])
      yield* TestClock.adjust("5 seconds")
      assert.deepStrictEqual((yield* take)[0], true)
    }).pipe(Effect.provide(RateLimit.layer))
  )

  it.effect("of stacked limits the strictest is told", () =>
    Effect.gen(function* () {
      yield* set({ burst: 9, count: 10, period: "1 second" }, { burst: 1, count: 2, period: "1 minute" })
      assert.deepStrictEqual(yield* take, [true, "1", "30", undefined])
      assert.deepStrictEqual(yield* take, [true, "0", "60", undefined])
      assert.deepStrictEqual(yield* take, [false, "0", "60", "31"])
    }).pipe(Effect.provide(RateLimit.layer))
  )

  it.effect("users and groups have budgets of their own", () =>
    Effect.gen(function* () {
      const limits = yield* RateLimit
      const one: Limit = { burst: 0, count: 1, period: "1 minute" }
      yield* limits.set("query", [one])
      yield* limits.set("copy_to", [one])
      assert.isTrue((yield* limits.take("query", "alice"))?.allowed)
      assert.isTrue((yield* limits.take("query", "bob"))?.allowed)
      assert.isTrue((yield* limits.take("copy_to", "alice"))?.allowed)
      assert.isFalse((yield* limits.take("query", "alice"))?.allowed)
    }).pipe(Effect.provide(RateLimit.layer))
  )
})
