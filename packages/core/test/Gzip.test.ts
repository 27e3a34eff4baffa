import { gunzipSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { Gzip } from "@effect-carto/core/Gzip"
import { Effect, Stream } from "effect"

const text = (value: string) => new TextEncoder().encode(value)

const gzipped = <E>(bytes: Stream.Stream<Uint8Array, E>) =>
  Effect.gen(function* () {
    const compress = yield* Gzip
    const parts = yield* Stream.runCollect(compress({ level: 1 })(bytes))
    return Buffer.concat(parts)
  })

describe("Gzip", () => {
  it.effect("compresses what gunzip reads back", () =>
    Effect.gen(function* () {
      const parts = [text("a,b\n"), text("1,2\n".repeat(50_000)), new Uint8Array(0), text("end")]
      const file = yield* gzipped(Stream.fromIterable(parts))
      assert.isTrue(gunzipSync(file).equals(Buffer.concat(parts)))
    })
  )

  it.effect("makes a valid file of nothing", () =>
    Effect.gen(function* () {
      assert.strictEqual(gunzipSync(yield* gzipped(Stream.empty)).length, 0)
    })
  )

  it.effect("takes shared memory", () =>
    Effect.gen(function* () {
      const shared = new Uint8Array(new SharedArrayBuffer(3)).fill(65)
      assert.strictEqual(gunzipSync(yield* gzipped(Stream.make(shared))).toString(), "AAA")
    })
  )

  it.effect("passes the source's failure on", () =>
    Effect.gen(function* () {
      const source = Stream.concat(Stream.make(text("x".repeat(100_000))), Stream.fail("source failed"))
      assert.strictEqual(yield* Effect.flip(gzipped(source)), "source failed")
    })
  )
})
