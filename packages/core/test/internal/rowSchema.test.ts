import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Result, Schema } from "effect"
import { Geometry } from "../../src/Geometry.ts"
import { nonEmptyRowsDecoder, type RowSchema, rowsDecoder } from "../../src/internal/rowSchema.ts"

const at = DateTime.makeUnsafe("2020-01-31T12:00:00Z")
const zoned = DateTime.makeZonedUnsafe(at, { timeZone: "Europe/Madrid" })
const geometry = new Geometry({ ewkb: Uint8Array.of(1) })

/** Schemas that are decoded by another one, those that nearly are, and values for a field of each. */
const Fields = {
  instant: Schema.DateTimeUtc,
  instantOrNull: Schema.NullOr(Schema.DateTimeUtc),
  instantOrMissing: Schema.optionalKey(Schema.DateTimeUtc),
  nullOrMissing: Schema.optionalKey(Schema.NullOr(Schema.DateTimeUtc)),
  checked: Schema.DateTimeUtc.check(Schema.makeFilter((value) => DateTime.toEpochMillis(value) === 0)),
  nullOrChecked: Schema.NullOr(Schema.DateTimeUtc).check(Schema.makeFilter((value) => value === null)),
  integer: Schema.Int,
  textOrMissing: Schema.optionalKey(Schema.String),
  literals: Schema.Literals(["a", "b"]),
  defaulted: Schema.String.pipe(Schema.withDecodingDefaultKey(Effect.succeed("default"))),
  converted: Schema.NumberFromString,
  json: Schema.Json,
  geometry: Geometry,
  nested: Schema.Struct({ a: Schema.Int }),
  list: Schema.Array(Schema.NullOr(Schema.Int))
}
const values = [
  at,
  DateTime.makeUnsafe(0),
  zoned,
  null,
  undefined,
  0,
  1.5,
  "1",
  "a",
  "default",
  geometry,
  { a: 1, b: 2 },
  [1, null],
  1n
]

describe("rowSchema", () => {
  for (const [name, Field] of Object.entries(Fields)) {
    it.effect(`${name}, beside an instant, decodes and fails as the schema itself does`, () =>
      Effect.gen(function* () {
        const Row: RowSchema = Schema.Struct({ field: Field, beside: Schema.DateTimeUtc }).annotate({
          identifier: "Row"
        })
        const decode = rowsDecoder("Sql.query", Row)
        const decodeChunk = nonEmptyRowsDecoder("Sql.stream", Row)
        const plain = Schema.decodeUnknownEffect(Schema.Array(Row))
        let succeeded = 0
        for (const field of [{}, ...values.map((field) => ({ field }))]) {
          const rows = [{ ...field, beside: at, more: 1 }]
          const expected = yield* Effect.result(plain(rows))
          const actual = yield* Effect.result(decode(rows))
          if (expected._tag === "Success") {
            succeeded++
            assert.deepStrictEqual(actual, Result.succeed(expected.success))
            assert.deepStrictEqual(yield* decodeChunk([rows[0]]), expected.success)
          } else {
            assert.strictEqual(actual._tag === "Failure" && actual.failure._tag, "CartoError")
            assert.include(String(actual), expected.failure.message.split("\n")[0] ?? "nothing")
          }
        }
        assert.isAbove(succeeded, 0)
      })
    )
  }

  it.effect("a check of the whole row counts", () =>
    Effect.gen(function* () {
      const Row = Schema.Struct({ at: Schema.DateTimeUtc }).check(Schema.makeFilter(() => false))
      const result = yield* Effect.result(rowsDecoder("Sql.query", Row)([{ at }]))
      assert.strictEqual(result._tag, "Failure")
    })
  )

  it.effect("a column may have any name", () =>
    Effect.gen(function* () {
      const Row = Schema.Struct({ ["__proto__"]: Schema.DateTimeUtc, 'a"]': Schema.Int })
      const row: unknown = JSON.parse('{"__proto__":0,"a\\"]":1}')
      const failed = yield* Effect.result(rowsDecoder("Sql.query", Row)([row]))
      assert.strictEqual(failed._tag, "Failure")
    })
  )
})
