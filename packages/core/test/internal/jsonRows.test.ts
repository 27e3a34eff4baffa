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

/**
 * V8 13.6, that of Node 24, has JSON.parse take a key such as `"\n"` for one that it saw before and that ends in a
 * backslash: what to expect would be wrong.
 */
const hasBackslash = (value: Schema.Json): boolean =>
  typeof value === "object" &&
  value !== null &&
  Object.entries(value).some(([name, member]) => name.includes("\\") || hasBackslash(member))

const row = Arbitrary.schema(
  Schema.Record(
    Schema.String,
    Schema.Union([
      Schema.Literals(["}", "{", "]", "[", '"', "\\", '\\"', '"}],', "},{", '"},{"', "\n", "💚"]),
      Schema.Array(Schema.Record(Schema.String, Schema.Literals(["},{", 1]))),
      Schema.Json
    ])
  )
).pipe(Arbitrary.filter((row) => !hasBackslash(row)))

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

  it.effect.prop(
    "what looks like a border between rows is none in a string or an inner array, whatever the chunk borders",
    { sizes: Sizes, at: Schema.Literals([0, 1, 2, 3]) },
    ({ at, sizes }) =>
      Effect.gen(function* () {
        const plain = { a: 1, b: "x" }
        const rows = [
          [plain, plain, { a: "},{" }, plain],
          [{ a: [{ b: 1 }, { b: 2 }], c: 3 }, plain, plain],
          [plain, { a: [1, [{}, {}]] }],
          [{ a: '"},{"a":"' }, plain, { a: '\\"},{' }]
        ][at]
        const found = yield* run(JSON.stringify({ rows, ...trailer, notices: ["},{"] }), sizes)
        assert.deepStrictEqual(found.rows, rows)
        assert.deepStrictEqual(found.result, Result.succeed({ ...trailer, notices: ["},{"] }))
      })
  )

  it.effect("rows are given before the end of a body, also of one written with white space", () =>
    Effect.gen(function* () {
      for (const [space, after] of [
        ["", 2],
        ["\n ", 20]
      ] as const) {
        const some = Array.from({ length: 1000 }, (_, id) => JSON.stringify({ id, name: "x".repeat(100) }))
        const piece = new TextEncoder().encode(`${space}${some.join(`,${space}`)},`)
        const pieces = Array.from({ length: after }, () => piece)
        const first = yield* Stream.fromIterable([new TextEncoder().encode('{"rows":['), ...pieces]).pipe(
          Stream.concat(Stream.never),
          Stream.pipeThroughChannel(jsonRows()),
          Stream.take(1000),
          Stream.runCollect
        )
        assert.deepStrictEqual(
          first,
          some.map((row) => JSON.parse(row))
        )
      }
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
