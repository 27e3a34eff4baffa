import { assert, describe, it } from "@effect/vitest"
import { Duration, Option } from "effect"
import * as Quantity from "../../src/format/Quantity.ts"
import { parseDuration } from "../../src/Settings.ts"

describe("quantities", () => {
  it("of rows have thousands apart", () => {
    assert.deepStrictEqual([0, 1, 999, 1234, 1234567].map(Quantity.rows), [
      "0 rows",
      "1 row",
      "999 rows",
      "1,234 rows",
      "1,234,567 rows"
    ])
  })

  it("of bytes are read as they are written, and only whole ones", () => {
    const amounts = ["0", "104857600", "50MB", "1.5 GB", "2k", "512MiB", "5.2 mb", "1TB", "812 B"]
    assert.deepStrictEqual(
      amounts.map((text) => Option.getOrUndefined(Quantity.parseBytes(text))),
      [0, 104857600, 50e6, 1.5e9, 2000, 512 * 1024 ** 2, 5.2e6, 1e12, 812]
    )
    for (const text of ["", "-1", "MB", "1.5", "1e3", "50 MBit", "5XB", "iB", "99999999TB"]) {
      assert.isTrue(Option.isNone(Quantity.parseBytes(text)), text)
    }
  })

  it("of bytes are in powers of 1000 with one decimal, and never 1000.0", () => {
    assert.deepStrictEqual([0, 999, 1000, 5_240_000, 999_949, 999_950, 3e9, 5e15].map(Quantity.bytes), [
      "0 B",
      "999 B",
      "1.0 kB",
      "5.2 MB",
      "999.9 kB",
      "1.0 MB",
      "3.0 GB",
      "5000.0 TB"
    ])
  })

  it("of time are in two units at most", () => {
    const texts = [0, 12.4, 999.6, 3100, 59_949, 59_951, 125_000, 12_000_000].map((millis) =>
      Quantity.duration(Duration.millis(millis))
    )
    assert.deepStrictEqual(texts, ["0 ms", "12 ms", "1.0 s", "3.1 s", "59.9 s", "1 m 0 s", "2 m 5 s", "3 h 20 m"])
  })
})

describe("a duration on the command line", () => {
  it("is a number with a unit", () => {
    const millis = (text: string) => Option.getOrUndefined(Option.map(parseDuration(text), Duration.toMillis))
    assert.deepStrictEqual(["500ms", "30s", "1.5m", "2h"].map(millis), [500, 30_000, 90_000, 7_200_000])
    for (const text of ["", "30", "s", "-1s", "0s", "1d", "1 s", "1e3s"]) assert.isUndefined(millis(text), text)
  })
})
