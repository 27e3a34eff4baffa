import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Result, Schema, Stream } from "effect"
import { type CopyErrorBody, copyTail } from "../../src/internal/copyTail.ts"
import { cut, Sizes } from "../chunks.ts"

const bytesOf = (text: string) => new TextEncoder().encode(text)

const run = (chunks: Iterable<Uint8Array>) =>
  Effect.gen(function* () {
    const passed: Array<Uint8Array> = []
    const result = yield* Stream.fromIterable(chunks).pipe(
      Stream.pipeThroughChannel(copyTail()),
      Stream.runForEach((chunk) => Effect.sync(() => passed.push(chunk))),
      Effect.result
    )
    return {
      data: new Uint8Array(Buffer.concat(passed)),
      passed,
      error: Result.isFailure(result) ? result.failure.body : undefined
    }
  })

const error: CopyErrorBody = { error: ["division by zero"] }
const limit: CopyErrorBody = {
  error: ['You are over platform\'s limits: SQL query timeout error. ñ "x"\n'],
  context: "limit",
  detail: "datasource"
}

/** Rows that do their best to look like an error. */
const rows = Arbitrary.array(
  Arbitrary.schema(
    Schema.Literals([
      "1\t2\n",
      '{"error":["x"]}\n',
      '"{""error"":[""x""]}"\n',
      '{"error":[\n',
      "ñ\t\\N\n",
      '\t{"error":["division by zero"]}\n',
      "{\n",
      `${"long text without any break ".repeat(5)}\n`
    ])
  )
).pipe(Arbitrary.map((parts) => parts.join("")))

const binary = Arbitrary.array(
  Arbitrary.schema(Schema.Literals(['{"error":["x"]}', '{"error":["', "\0\u0001", "\0\0\0\u0005hello", "\xff", "{"]))
).pipe(Arbitrary.map((parts) => Uint8Array.from(parts.join(""), (c) => c.charCodeAt(0))))

describe("copyTail", () => {
  it.effect.prop("good text passes through unchanged", { text: rows, sizes: Sizes }, ({ sizes, text }) =>
    Effect.gen(function* () {
      const { data, error } = yield* run(cut(bytesOf(text), sizes))
      assert.isUndefined(error)
      assert.deepStrictEqual(data, bytesOf(text))
    })
  )

  it.effect.prop("an error behind text is found and taken out", { text: rows, sizes: Sizes }, ({ sizes, text }) =>
    Effect.gen(function* () {
      for (const body of [error, limit]) {
        const found = yield* run(cut(bytesOf(text + JSON.stringify(body)), sizes))
        assert.deepStrictEqual(found.error, body)
        assert.deepStrictEqual(found.data, bytesOf(text))
      }
    })
  )

  it.effect.prop("good binary passes through unchanged", { bytes: binary, sizes: Sizes }, ({ bytes, sizes }) =>
    Effect.gen(function* () {
      const whole = Buffer.concat([bytes, Uint8Array.of(255, 255)])
      const { data, error } = yield* run(cut(whole, sizes))
      assert.isUndefined(error)
      assert.deepStrictEqual(data, new Uint8Array(whole))
    })
  )

  it.effect.prop("an error behind binary is found and taken out", { bytes: binary, sizes: Sizes }, ({ bytes, sizes }) =>
    Effect.gen(function* () {
      const found = yield* run(cut(Buffer.concat([bytes, bytesOf(JSON.stringify(error))]), sizes))
      assert.deepStrictEqual(found.error, error)
      assert.deepStrictEqual(found.data, bytes)
    })
  )

  it.effect("chunks without a suspicious tail are not copied", () =>
    Effect.gen(function* () {
      const chunks = [bytesOf("1\t2\n3\t"), bytesOf("4\n")]
      const { passed } = yield* run(chunks)
      assert.isTrue(passed.every((chunk, i) => chunk.buffer === chunks[i]?.buffer))
    })
  )

  it.effect("JSON that the server does not write as an error is data", () =>
    Effect.gen(function* () {
      for (const text of [
        '{"error":["x"',
        '{"error":[]}',
        '{"error":[1]}',
        '{"error":["x"],"rows":[]}',
        '{"error":"x"}'
      ]) {
        const { data, error } = yield* run([bytesOf(`1\n${text}`)])
        assert.isUndefined(error, text)
        assert.deepStrictEqual(data, bytesOf(`1\n${text}`))
      }
    })
  )

  it.effect("what is held back is bounded", () =>
    Effect.gen(function* () {
      const piece = bytesOf("x".repeat(1 << 16))
      let seen = 0
      let most = 0
      yield* Stream.fromIterable([bytesOf('1\n{"error":["'), ...Array.from({ length: 64 }, () => piece)]).pipe(
        Stream.tap((chunk) => Effect.sync(() => (seen += chunk.length))),
        Stream.pipeThroughChannel(copyTail()),
        Stream.runForEach((chunk) =>
          Effect.sync(() => {
            seen -= chunk.length
            most = Math.max(most, seen)
          })
        )
      )
      assert.strictEqual(seen, 0)
      assert.isTrue(most <= (1 << 20) + piece.length, String(most))
    })
  )
})
