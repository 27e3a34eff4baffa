import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Effect, Result, Schema, Stream } from "effect"
import * as CopyText from "../src/CopyText.ts"
import { cut, Sizes } from "./chunks.ts"

const bytesOf = (text: string) => new TextEncoder().encode(text)

const decode = (...chunks: ReadonlyArray<Uint8Array>) =>
  Stream.fromIterable(chunks).pipe(Stream.pipeThroughChannel(CopyText.decode()), Stream.runCollect)

const cells = Arbitrary.schema(
  Schema.Array(
    Schema.Union([
      Schema.Literals(["\\", "\n", "\t", "\r", "N", ".", "ñ", "💚", "\ufeff", "\b", "\v", "\f"]),
      Schema.String
    ])
  )
).pipe(Arbitrary.map((parts) => parts.join("").replace(/\0|\p{Surrogate}/gu, "")))

const columns = ["a", "b", "c"]

describe("CopyText", () => {
  it.effect.prop(
    "what was encoded is decoded, whatever the chunk borders",
    { rows: Arbitrary.array(Arbitrary.all({ a: cells, b: cells, c: Arbitrary.Constant(null) })), sizes: Sizes },
    ({ rows, sizes }) =>
      Effect.gen(function* () {
        const encoded = yield* Stream.fromIterable(rows).pipe(
          Stream.pipeThroughChannel(CopyText.encode(columns)),
          Stream.runCollect
        )
        const back = yield* decode(...cut(Buffer.concat(encoded), sizes))
        assert.deepStrictEqual(
          back,
          rows.map(({ a, b, c }) => [a, b, c])
        )
      })
  )

  it.effect("encodes by name or by position, missing cells as NULL", () =>
    Effect.gen(function* () {
      const encoded = yield* Stream.make({ b: 1, z: 2 }, ["x\ty", true], {}).pipe(
        Stream.pipeThroughChannel(CopyText.encode(columns)),
        Stream.runCollect
      )
      assert.strictEqual(Buffer.concat(encoded).toString(), "\\N\t1\t\\N\nx\\ty\ttrue\t\\N\n\\N\t\\N\t\\N\n")
    })
  )

  it.effect("writes pieces of at least 64 KiB, except the last", () =>
    Effect.gen(function* () {
      const encoded = yield* Stream.range(1, 50_000).pipe(
        Stream.map((a) => ({ a, b: "x" })),
        Stream.pipeThroughChannel(CopyText.encode(columns)),
        Stream.runCollect
      )
      assert.isTrue(encoded.slice(0, -1).every((piece) => piece.length >= 1 << 16))
      assert.isTrue(encoded.length > 5)
    })
  )

  it.effect("names the column of a value that cannot be written", () =>
    Effect.gen(function* () {
      const result = yield* Stream.make({ a: 1, b: "\0" }).pipe(
        Stream.pipeThroughChannel(CopyText.encode(columns)),
        Stream.runDrain,
        Effect.result
      )
      assert.strictEqual(Result.isFailure(result) && result.failure.column, "b")
    })
  )

  it.effect("tells NULL from an empty text and from the text \\N", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* decode(bytesOf("\\N\t\t\\\\N\n")), [[null, "", "\\N"]])
    })
  )

  it.effect("ends at the end-of-data marker of older tools", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* decode(bytesOf("1\n\\.\n")), [["1"]])
    })
  )

  it.effect("fails after the good rows when the data ends inside a row, has another width, or is not UTF-8", () =>
    Effect.gen(function* () {
      for (const bytes of [bytesOf("1\t2\n3\t4"), bytesOf("1\t2\n3\n"), bytesOf("1\t2\n\\.\n3\t4\n")]) {
        const rows: Array<unknown> = []
        const result = yield* Stream.make(bytes).pipe(
          Stream.pipeThroughChannel(CopyText.decode()),
          Stream.runForEach((row) => Effect.sync(() => rows.push(row))),
          Effect.result
        )
        assert.deepStrictEqual(rows, [["1", "2"]])
        assert.strictEqual(Result.isFailure(result) && result.failure._tag, "CopyFormatError")
      }
      const result = yield* decode(Uint8Array.of(255, 10)).pipe(Effect.result)
      assert.strictEqual(
        Result.isFailure(result) && result.failure.message,
        "COPY text, row 1: the bytes are not UTF-8"
      )
    })
  )

  it.effect("names the column that is not of its type", () =>
    Effect.gen(function* () {
      const result = yield* Stream.make(bytesOf("1\tx\n")).pipe(
        Stream.pipeThroughChannel(
          CopyText.decodeRows([
            { name: "a", pgtype: "int4" },
            { name: "b", pgtype: "int4" }
          ])
        ),
        Stream.runDrain,
        Effect.result
      )
      assert.strictEqual(
        Result.isFailure(result) && result.failure.message,
        'Column "b" of type int4: expected a number'
      )
    })
  )
})
