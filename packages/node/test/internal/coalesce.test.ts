import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Queue, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"
import { coalesce } from "../../src/internal/coalesce.ts"

const chunk = (length: number) => new Uint8Array(length).fill(length)
const sizes = <E>(stream: Stream.Stream<Uint8Array, E>) =>
  Stream.runCollect(Stream.map(stream, (bytes) => bytes.length))

describe("coalesce", () => {
  it.effect.prop(
    "changes no byte, and only the last chunk is small",
    { parts: Schema.Array(Schema.Uint8Array) },
    ({ parts }) =>
      Effect.gen(function* () {
        const joined = yield* Stream.runCollect(coalesce(8)(Stream.fromIterable(parts)))
        assert.isTrue(Buffer.concat(joined).equals(Buffer.concat(parts)))
        assert.isTrue(joined.slice(0, -1).every((bytes) => bytes.length >= 8))
        assert.isTrue(joined.every((bytes) => bytes.length > 0))
      })
  )

  it.effect("passes large chunks on without copying", () =>
    Effect.gen(function* () {
      const large = chunk(100)
      const [first] = yield* Stream.runCollect(coalesce(10)(Stream.make(large)))
      assert.strictEqual(first, large)
    })
  )

  it.effect("joins a large array of small chunks piece by piece", () =>
    Effect.gen(function* () {
      const small = Stream.fromArray(Array.from({ length: 1000 }, () => chunk(3)))
      assert.isBelow(Math.max(...(yield* sizes(coalesce(10)(small)))), 13)
    })
  )

  it.effect("emits what came before a failure", () =>
    Effect.gen(function* () {
      const seen: Array<number> = []
      const failing = Stream.concat(Stream.make(chunk(3)), Stream.fail("broken"))
      const exit = yield* Effect.exit(
        Stream.runForEach(coalesce(10)(failing), (bytes) => Effect.sync(() => seen.push(bytes.length)))
      )
      assert.deepStrictEqual(exit, Exit.fail("broken"))
      assert.deepStrictEqual(seen, [3])
    })
  )

  it.effect("keeps nothing longer than a second when the source is slow", () =>
    Effect.gen(function* () {
      const source = yield* Queue.unbounded<Uint8Array>()
      const seen: Array<number> = []
      yield* Effect.forkScoped(
        Stream.runForEach(coalesce(10)(Stream.fromQueue(source)), (bytes) => Effect.sync(() => seen.push(bytes.length)))
      )
      yield* Queue.offer(source, chunk(3))
      yield* Queue.offer(source, chunk(4))
      yield* TestClock.adjust("999 millis")
      assert.deepStrictEqual(seen, [])
      yield* TestClock.adjust("1 millis")
      assert.deepStrictEqual(seen, [7])
      yield* TestClock.adjust("10 seconds")
      yield* Queue.offer(source, chunk(12))
      yield* TestClock.adjust(0)
      assert.deepStrictEqual(seen, [7, 12])
    })
  )

  it.effect("stops the source with its consumer", () =>
    Effect.gen(function* () {
      let stopped = false
      const source = Stream.concat(Stream.make(chunk(20)), Stream.never).pipe(
        Stream.ensuring(Effect.sync(() => (stopped = true)))
      )
      yield* Stream.runDrain(Stream.take(coalesce(10)(source), 1))
      assert.isTrue(stopped)
      stopped = false
      const fiber = yield* Effect.forkChild(Stream.runDrain(coalesce(10)(source)))
      yield* TestClock.adjust(0)
      yield* Fiber.interrupt(fiber)
      assert.isTrue(stopped)
    })
  )
})
