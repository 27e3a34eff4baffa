import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect, Result, Schema } from "effect"
import { dateFromJson, instantFromJson, instantFromText } from "../../src/internal/pgInstant.ts"

/** Whole seconds of the years 1 to 9999. */
const Seconds = Schema.Int.check(Schema.isBetween({ minimum: -62_135_596_800, maximum: 253_402_300_799 }))

const isoOf = (seconds: number) => new Date(seconds * 1000).toISOString().slice(0, 19)
const millis = (value: DateTime.Utc | string) => (DateTime.isDateTime(value) ? DateTime.toEpochMillis(value) : value)

describe("pgInstant", () => {
  it.effect.prop("text in UTC or without zone is the same instant as with another offset", [Seconds], ([seconds]) =>
    Effect.sync(() => {
      const text = isoOf(seconds).replace("T", " ")
      for (const form of [text, `${text}+00`, `${text}+00:00`, `${text}.000`]) {
        assert.strictEqual(millis(instantFromText(form, "timestamptz", "c")), seconds * 1000, form)
      }
    })
  )

  it.effect.prop(
    "fractions of one to six digits are exact",
    [
      Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 4_102_444_800 })),
      Schema.Int.check(Schema.isBetween({ minimum: 0, maximum: 999_999 })),
      Schema.Int.check(Schema.isBetween({ minimum: 1, maximum: 6 })),
      Schema.Literals(["", "+00", "+00:00"])
    ],
    ([seconds, microseconds, digits, zone]) =>
      Effect.sync(() => {
        const fraction = String(microseconds).padStart(6, "0").slice(0, digits)
        const value = instantFromText(`${isoOf(seconds).replace("T", " ")}.${fraction}${zone}`, "timestamptz", "c")
        assert.strictEqual(millis(value), (seconds * 1_000_000 + Number(fraction.padEnd(6, "0"))) / 1000)
      })
  )

  it.effect.prop("JSON in UTC is the same instant as with an offset of none", [Seconds], ([seconds]) =>
    Effect.sync(() => {
      const iso = isoOf(seconds)
      for (const form of [`${iso}Z`, `${iso}+0000`, `${iso}-00:00`]) {
        assert.strictEqual(millis(instantFromJson(form, "timestamptz", "c")), seconds * 1000, form)
        assert.strictEqual(dateFromJson(form, "c"), iso.slice(0, 10), form)
      }
    })
  )

  it("other forms are read too", () => {
    const second = Date.UTC(2020, 0, 31, 12, 34, 56)
    assert.strictEqual(millis(instantFromText("2020-01-31 12:34:56-05", "timestamptz", "c")), second + 5 * 3_600_000)
    assert.strictEqual(millis(instantFromText("2020-01-31 12:34:56.5+02", "timestamptz", "c")), second - 7_199_500)
    assert.strictEqual(millis(instantFromText("0001-12-31 00:00:00 BC", "timestamp", "c")), -62_135_683_200_000)
    assert.strictEqual(instantFromText("3000-01-01 00:00:00.000001", "timestamp", "c"), "3000-01-01 00:00:00.000001")
    assert.strictEqual(dateFromJson("0000-12-31T00:00:00Z", "c"), "0001-12-31 BC")
  })

  it("what is no instant is refused", () => {
    for (const text of [
      "2020-01-31 12:34:5x",
      "2020-01-31 12:34:5",
      "20x0-01-31 12:34:56",
      "2020-01-31 12:34:56.",
      "2020-01-31 12:34:56.x",
      "2020-01-31 12:34:56.1234567",
      "2020-01-31T12:34:56",
      "2020-01-31 12:34+00",
      "+00",
      ""
    ]) {
      assert.isTrue(Result.isFailure(Result.try(() => instantFromText(text, "timestamptz", "c"))), text)
    }
    for (const value of ["2020-01-31 12:34:56Z", "2020-01-3xT12:34:56Z", "2020-01-31T12:34:56", "", 1, null]) {
      assert.isTrue(Result.isFailure(Result.try(() => instantFromJson(value, "timestamptz", "c"))), String(value))
      assert.isTrue(Result.isFailure(Result.try(() => dateFromJson(value, "c"))), String(value))
    }
  })
})
