import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Fiber, Option, Random, Stream } from "effect"
import { TestClock } from "effect/testing"
import { CartoError, JobError, NotFoundError, ServerError } from "../../src/CartoError.ts"
import * as Deadline from "../../src/Deadline.ts"
import { type Work, wait, watch } from "../../src/internal/poll.ts"
import { fork } from "../waiting.ts"

const operation = "Test.wait"
const busy = new CartoError({ operation, reason: new ServerError({ status: 503, message: "busy" }) })
const missing = new CartoError({ operation, reason: new NotFoundError({ status: 404, message: "no such work" }) })
const stalled = new CartoError({
  operation,
  reason: new JobError({ jobId: "1", jobStatus: "running", message: "does not move" })
})

/** Jitters by nothing, so that every moment is known. */

/** Work whose state is a function of time; remembers when it was asked and cancelled. */
const scripted = (state: (now: number) => string | CartoError) => {
  const reads: Array<number> = []
  const cancels: Array<number> = []
  const work: Work<string> = {
    operation,
    read: Effect.flatMap(Clock.currentTimeMillis, (now) => {
      reads.push(now)
      const answer = state(now)
      return typeof answer === "string" ? Effect.succeed(answer) : Effect.fail(answer)
    }),
    cancel: Effect.map(Clock.currentTimeMillis, (now) => {
      cancels.push(now)
    }),
    state: (text) => text,
    isOver: (text) => text === "done",
    stalledAfter: "Infinity",
    stalled: () => stalled
  }
  return { work, reads, cancels }
}

describe("poll", () => {
  it.effect("asks early, then ever more seldom, at most every ten seconds", () =>
    Effect.gen(function* () {
      const { reads, work } = scripted((now) => (now < 60_000 ? "running" : "done"))
      const fiber = yield* fork(wait(work))
      yield* TestClock.adjust("2 minutes")
      assert.strictEqual(yield* Fiber.join(fiber), "done")
      const pauses = reads.map((at, i) => at - (reads[i - 1] ?? 0))
      assert.deepStrictEqual(pauses.slice(0, 4), [250, 375, 563, 844])
      assert.strictEqual(Math.max(...pauses), 10_000)
      assert.deepStrictEqual(pauses.slice(-3), [10_000, 10_000, 10_000])
    })
  )

  it.effect("jitters each pause by a fifth", () =>
    Effect.gen(function* () {
      const { reads, work } = scripted((now) => (now < 20_000 ? "running" : "done"))
      const fiber = yield* Effect.forkChild(wait(work).pipe(Random.withSeed("seed")))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(fiber)
      const first = reads[0] ?? 0
      assert.isAtLeast(first, 200)
      assert.isAtMost(first, 300)
      assert.notStrictEqual(first, 250)
    })
  )

  it.effect("waits two hours in one go", () =>
    Effect.gen(function* () {
      const { reads, work } = scripted((now) => (now < 7_200_000 ? "running" : "done"))
      const fiber = yield* fork(wait(work))
      yield* TestClock.adjust("3 hours")
      assert.strictEqual(yield* Fiber.join(fiber), "done")
      assert.isBelow(reads.length, 740)
      assert.isBelow(reads.at(-1) ?? 0, 7_210_000)
    })
  )

  it.effect("shows each new state once, when it was seen, and ends with the last one", () =>
    Effect.gen(function* () {
      const { work } = scripted((now) =>
        now < 1_000 ? "pending" : now < 2_000 ? "running" : now < 4_000 ? "pending" : now < 9_000 ? "odd" : "done"
      )
      const fiber = yield* fork(Stream.runCollect(watch(work)))
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(
        (yield* Fiber.join(fiber)).map(({ elapsed, value }) => [value, Duration.toMillis(elapsed)]),
        [
          ["pending", 250],
          ["running", 1188],
          ["pending", 2032],
          ["odd", 5196],
          ["done", 12_315]
        ]
      )
    })
  )

  it.effect("begins with what is known, and asks nothing about what is over", () =>
    Effect.gen(function* () {
      const { reads, work } = scripted(() => "done")
      assert.strictEqual(yield* wait({ ...work, initial: "done" }), "done")
      assert.deepStrictEqual(reads, [])
      const fiber = yield* fork(Stream.runCollect(watch({ ...work, initial: "pending" })))
      yield* TestClock.adjust("1 second")
      assert.deepStrictEqual(
        (yield* Fiber.join(fiber)).map(({ value }) => value),
        ["pending", "done"]
      )
      assert.deepStrictEqual(reads, [250])
    })
  )

  it.effect("waits out a failure that may pass, but not for ever", () =>
    Effect.gen(function* () {
      const short = scripted((now) => (now < 1_000 ? "running" : now < 200_000 ? busy : "done"))
      const fiber = yield* fork(wait(short.work))
      yield* TestClock.adjust("4 minutes")
      assert.strictEqual(yield* Fiber.join(fiber), "done")

      const start = yield* Clock.currentTimeMillis
      const long = scripted((now) => (now - start < 1_000 ? "running" : busy))
      const failing = yield* fork(Effect.flip(wait(long.work)))
      yield* TestClock.adjust("20 minutes")
      assert.strictEqual(yield* Fiber.join(failing), busy)
      assert.isBelow((long.reads.at(-1) ?? 0) - start, 320_000)
    })
  )

  it.effect("ends with a failure that waiting cannot help, and with any before the first answer", () =>
    Effect.gen(function* () {
      const gone = scripted((now) => (now < 300 ? "running" : missing))
      const fiber = yield* fork(Effect.flip(wait(gone.work, { onInterrupt: "cancel" })))
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Fiber.join(fiber), missing)
      assert.deepStrictEqual(gone.cancels, [])

      const down = scripted(() => busy)
      const never = yield* fork(Effect.flip(wait(down.work)))
      yield* TestClock.adjust("1 second")
      assert.strictEqual(yield* Fiber.join(never), busy)
      assert.strictEqual(down.reads.length, 1)
    })
  )

  for (const [onInterrupt, cancels] of [
    ["cancel", [3_000]],
    ["detach", []],
    [undefined, []]
  ] as const) {
    it.effect(`${onInterrupt ?? "by default detach"}s when its own deadline passes`, () =>
      Effect.gen(function* () {
        const { work, ...seen } = scripted(() => "running")
        const fiber = yield* fork(Effect.flip(wait(work, { timeout: "3 seconds", onInterrupt })))
        yield* TestClock.adjust("1 minute")
        const { reason } = yield* Fiber.join(fiber)
        assert.strictEqual(reason._tag, "TimeoutError")
        assert.deepStrictEqual(seen.reads, [250, 625, 1188, 2032])
        assert.deepStrictEqual(seen.cancels, [...cancels])
      })
    )

    it.effect(`${onInterrupt ?? "by default detach"}s when it is interrupted`, () =>
      Effect.gen(function* () {
        const { work, ...seen } = scripted(() => "running")
        const fiber = yield* fork(wait(work, { onInterrupt }))
        yield* TestClock.adjust("3 seconds")
        yield* Fiber.interrupt(fiber)
        yield* TestClock.adjust("1 minute")
        assert.deepStrictEqual(seen.reads, [250, 625, 1188, 2032])
        assert.deepStrictEqual(seen.cancels, [...cancels])
      })
    )
  }

  it.effect("cancels when a deadline around it passes", () =>
    Effect.gen(function* () {
      const { cancels, work } = scripted(() => "running")
      const fiber = yield* fork(
        Effect.flip(Deadline.within("Outer", "3 seconds")(wait(work, { onInterrupt: "cancel", timeout: "1 hour" })))
      )
      yield* TestClock.adjust("3 seconds")
      assert.strictEqual((yield* Fiber.join(fiber)).operation, "Outer")
      assert.deepStrictEqual(cancels, [3_000])
    })
  )

  it.effect("cancels in the middle of a question", () =>
    Effect.gen(function* () {
      const { cancels, work } = scripted(() => "running")
      const fiber = yield* fork(wait({ ...work, read: Effect.never }, { onInterrupt: "cancel" }))
      yield* TestClock.adjust("1 second")
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(cancels, [1_000])
    })
  )

  it.effect("does not cancel what is over", () =>
    Effect.gen(function* () {
      const { cancels, work } = scripted(() => "done")
      const fiber = yield* fork(Stream.runForEach(watch(work, { onInterrupt: "cancel" }), () => Effect.sleep("1 hour")))
      yield* TestClock.adjust("1 minute")
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(cancels, [])
    })
  )

  it.effect("does not cancel when its reader has seen enough", () =>
    Effect.gen(function* () {
      const { cancels, work } = scripted(() => "running")
      const fiber = yield* fork(Stream.runHead(watch(work, { onInterrupt: "cancel" })))
      yield* TestClock.adjust("1 second")
      assert.isTrue(Option.isSome(yield* Fiber.join(fiber)))
      assert.deepStrictEqual(cancels, [])
    })
  )

  it.effect("waits no longer than ten seconds for a cancellation", () =>
    Effect.gen(function* () {
      const { work } = scripted(() => "running")
      const fiber = yield* fork(
        Effect.flip(wait({ ...work, cancel: Effect.never }, { onInterrupt: "cancel", timeout: "1 second" }))
      )
      yield* TestClock.adjust("10 seconds")
      assert.isUndefined(fiber.pollUnsafe())
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Fiber.join(fiber)).reason._tag, "TimeoutError")
    })
  )

  it.effect("fails when nothing changes for too long, counted from the last change", () =>
    Effect.gen(function* () {
      const { cancels, reads, work } = scripted((now) => (now < 30_000 ? "pending" : "running"))
      const fiber = yield* fork(Effect.flip(wait(work, { stalledAfter: "1 minute", onInterrupt: "cancel" })))
      yield* TestClock.adjust("10 minutes")
      assert.strictEqual(yield* Fiber.join(fiber), stalled)
      const changed = reads.find((at) => at >= 30_000) ?? 0
      assert.strictEqual(reads.at(-1), changed + 60_000)
      assert.deepStrictEqual(cancels, [changed + 60_000])
    })
  )
})
