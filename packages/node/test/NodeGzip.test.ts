import { createGunzip, gunzipSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { Gzip } from "@effect-carto/core/Gzip"
import * as NodeGzip from "@effect-carto/node/NodeGzip"
import { Effect, Fiber, Schema, Stream } from "effect"
import { TestClock } from "effect/testing"

const gzipped = <E>(bytes: Stream.Stream<Uint8Array, E>, level = 1) =>
  Effect.map(Stream.runCollect(NodeGzip.gzip({ level })(bytes)), (parts) => Buffer.concat(parts))

const lines = Buffer.from(Array.from({ length: 300_000 }, (_, i) => `${i},city ${i % 977},${i * 1.5}\n`).join(""))

const cut = (bytes: Uint8Array, size: number) =>
  Stream.fromIterable(
    Array.from({ length: Math.ceil(bytes.length / size) }, (_, i) => bytes.subarray(i * size, (i + 1) * size))
  )

describe("NodeGzip", () => {
  it.effect.prop("compresses what gunzip reads back", { parts: Schema.Array(Schema.Uint8Array) }, ({ parts }) =>
    Effect.gen(function* () {
      assert.isTrue(gunzipSync(yield* gzipped(Stream.fromIterable(parts))).equals(Buffer.concat(parts)))
    })
  )

  for (const size of [1000, 65_536, 1 << 20, (1 << 20) + 1, lines.length]) {
    it.effect(`puts ${lines.length} bytes in chunks of ${size} back in order`, () =>
      Effect.gen(function* () {
        assert.isTrue(gunzipSync(yield* gzipped(cut(lines, size))).equals(lines))
      })
    )
  }

  it.effect("makes a valid file of nothing", () =>
    Effect.gen(function* () {
      assert.strictEqual(gunzipSync(yield* gzipped(Stream.empty)).length, 0)
    })
  )

  it.effect("makes one member with nothing behind it", () =>
    Effect.gen(function* () {
      const file = yield* gzipped(cut(lines, 1 << 20))
      const reader = createGunzip()
      reader.end(file)
      reader.resume()
      yield* Effect.promise(() => new Promise((resolve) => reader.once("end", resolve)))
      assert.strictEqual(reader.bytesWritten, file.length)
    })
  )

  it.effect("compresses better at a higher level", () =>
    Effect.gen(function* () {
      const fast = yield* gzipped(cut(lines, 1 << 20), 1)
      const small = yield* gzipped(cut(lines, 1 << 20), 9)
      assert.isBelow(small.length, fast.length)
    })
  )

  it.effect("passes the source's failure on, without an end", () =>
    Effect.gen(function* () {
      const seen: Array<Uint8Array> = []
      const source = Stream.concat(cut(lines, 1 << 20), Stream.fail("broken"))
      const collect = Stream.runForEach(NodeGzip.gzip({ level: 1 })(source), (bytes) =>
        Effect.sync(() => seen.push(bytes))
      )
      assert.strictEqual(yield* Effect.flip(collect), "broken")
      assert.throws(() => gunzipSync(Buffer.concat(seen)), "unexpected end of file")
    })
  )

  it.effect("can run again", () =>
    Effect.gen(function* () {
      const stream = NodeGzip.gzip({ level: 1 })(cut(lines, 1 << 20))
      yield* Stream.runDrain(stream)
      const again = Buffer.concat(yield* Stream.runCollect(stream))
      assert.isTrue(gunzipSync(again).equals(lines))
    })
  )

  it.effect("stops with its consumer", () =>
    Effect.gen(function* () {
      let stopped = false
      const source = Stream.concat(cut(lines, 1 << 20), Stream.never).pipe(
        Stream.ensuring(Effect.sync(() => (stopped = true)))
      )
      const fiber = yield* Effect.forkChild(gzipped(source))
      yield* TestClock.adjust(0)
      yield* Fiber.interrupt(fiber)
      assert.isTrue(stopped)
    })
  )

  it.effect("takes the place of the portable default", () =>
    Effect.gen(function* () {
      const compress = yield* Gzip
      const parts = yield* Stream.runCollect(compress({ level: 1 })(Stream.make(new Uint8Array(10))))
      // The portable one writes the operating system; see RFC 1952, §2.3.
      assert.strictEqual(Buffer.concat(parts)[9], 0xff)
    }).pipe(Effect.provide(NodeGzip.layer))
  )
})
