import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Channel, Effect, Result, Schema, Stream } from "effect"
import { jsonRows } from "../../src/internal/jsonRows.ts"
import { cut, Sizes } from "../chunks.ts"

const run = (text: string, sizes: ReadonlyArray<number> = [1 << 16]) =>
  Effect.gen(function* () {
    const rows: Array<unknown> = []
    const result = yield* Stream.fromIterable(cut(new TextEncoder().encode(text), sizes)).pipe(
      Stream.toChannel,
      Channel.pipeTo(jsonRows()),
      Channel.runForEach((batch) => Effect.sync(() => rows.push(...batch))),
      Effect.result
    )
    return { rows, result }
  })

const trailer = { time: 0.013, fields: { a: { type: "number", pgtype: "int4" } }, total_rows: 1 }

const row = Arbitrary.schema(
  Schema.Record(
    Schema.String,
    Schema.Union([Schema.Literals(["}", "{", "]", "[", '"', "\\", '\\"', '"}],', "\n", "💚"]), Schema.Json])
  )
)

describe("jsonRows", () => {
  it.effect.prop(
    "rows and what follows them are those of JSON.parse, whatever the chunk borders",
    { rows: Arbitrary.array(row), sizes: Sizes, indent: Schema.Literals([0, 1]) },
    ({ indent, rows, sizes }) =>
      Effect.gen(function* () {
        const found = yield* run(JSON.stringify({ rows, ...trailer }, null, indent), sizes)
        assert.deepStrictEqual(found.rows, JSON.parse(JSON.stringify(rows)))
        assert.deepStrictEqual(found.result, Result.succeed(trailer))
      })
  )

  it.effect.prop("a body that breaks off anywhere is truncated", { sizes: Sizes, at: Schema.Finite }, ({ at, sizes }) =>
    Effect.gen(function* () {
      const whole = JSON.stringify({ rows: [{ a: 1, b: "]}" }, { a: [2] }], ...trailer })
      const head = '{"rows":['.length
      const end = head + (Math.abs(Math.trunc(at)) % (whole.length - head))
      const { result, rows } = yield* run(whole.slice(0, end), sizes)
      assert.strictEqual(Result.isFailure(result) && result.failure._tag, "JsonRowsError")
      assert.isTrue(rows.length <= 2)
    })
  )

  it.effect("an error behind the rows fails after the rows before it", () =>
    Effect.gen(function* () {
      const { result, rows } = yield* run(
        '{"rows":[{"x":0},{"x":1}],"time":0.004,"fields":{"x":{"type":"number","pgtype":"int4"}},"total_rows":2,"error":["division by zero"]}'
      )
      assert.deepStrictEqual(rows, [{ x: 0 }, { x: 1 }])
      assert.isTrue(Result.isFailure(result))
      if (Result.isFailure(result) && result.failure._tag === "JsonRowsFailure") {
        assert.deepStrictEqual(result.failure.error, ["division by zero"])
        assert.strictEqual(result.failure.trailer.total_rows, 2)
      } else assert.fail("expected a JsonRowsFailure")
    })
  )

  it.effect("notices and unconstrained geometries are part of what follows the rows", () =>
    Effect.gen(function* () {
      const text =
        '{"rows":[],"time":0,"fields":{"g":{"type":"geometry","dims":4,"srid":-1}},"total_rows":0,"notices":["skipping"]}'
      const { result } = yield* run(text)
      const { rows: _, ...rest } = JSON.parse(text)
      assert.deepStrictEqual(result, Result.succeed(rest))
    })
  )

  it.effect("members may be missing, as old servers leave them out", () =>
    Effect.gen(function* () {
      const { result } = yield* run('{"rows":[],"time":0}')
      assert.deepStrictEqual(result, Result.succeed({ time: 0 }))
    })
  )

  it.effect("other bodies are malformed", () =>
    Effect.gen(function* () {
      for (const text of [
        "",
        "<html>",
        '{"error":["x"]}',
        `{"x":${" ".repeat(300)}`,
        '{"rows":[{"a":}],"time":0}',
        '{"rows":[],"time":"soon"}'
      ]) {
        const { result } = yield* run(text)
        assert.strictEqual(Result.isFailure(result) && result.failure._tag, "JsonRowsError", text)
      }
    })
  )
})
