import { assert, describe, it } from "@effect/vitest"
import { DateTime, Option, Schema } from "effect"
import { nullWhenEmpty } from "../../src/internal/emptyObject.ts"
import { Timestamp } from "../../src/internal/timestamp.ts"

const decode = (text: string) => DateTime.formatIso(Schema.decodeUnknownSync(Timestamp)(text))

describe("timestamp", () => {
  for (const [written, instant] of [
    ["2018-11-05T13:29:52.197Z", "2018-11-05T13:29:52.197Z"],
    ["2016-09-07T16:53:24.123+00:00", "2016-09-07T16:53:24.123Z"],
    ["2016-05-05T09:36:09+02:00", "2016-05-05T07:36:09.000Z"],
    ["2018-11-05 13:29:52 UTC", "2018-11-05T13:29:52.000Z"],
    ["2018-02-08 14:24:41 +0000", "2018-02-08T14:24:41.000Z"],
    ["2018-02-08 14:24:41 -0130", "2018-02-08T15:54:41.000Z"],
    ["2019-01-11", "2019-01-11T00:00:00.000Z"]
  ] as const) {
    it(`reads ${written}`, () => assert.strictEqual(decode(written), instant))
  }

  it("refuses what is no instant", () => {
    assert.isTrue(Option.isNone(Schema.decodeUnknownOption(Timestamp)("yesterday")))
  })

  it("is written in one form", () => {
    const instant = Schema.decodeUnknownSync(Timestamp)("2018-11-05 13:29:52 UTC")
    assert.strictEqual(Schema.encodeSync(Timestamp)(instant), "2018-11-05T13:29:52.000Z")
  })
})

describe("an empty object", () => {
  const size = Schema.decodeUnknownSync(nullWhenEmpty(Schema.Struct({ size: Schema.Int })))

  it("is none", () => assert.isNull(size({})))
  it("is none as null", () => assert.isNull(size(null)))
  it("with members is decoded", () => assert.deepStrictEqual(size({ size: 1 }), { size: 1 }))
  it("of another shape is refused", () => assert.throws(() => size({ size: "1" })))
  it("is not an empty list", () => assert.throws(() => size([])))
})
