import { assert, describe, it } from "@effect/vitest"
import { hung, wrap } from "../../src/format/Wrap.ts"

describe("wrapped text", () => {
  const table: ReadonlyArray<readonly [head: string, text: string, columns: number, lines: ReadonlyArray<string>]> = [
    ["", "one two three", 13, ["one two three"]],
    ["", "one two three", 12, ["one two", "  three"]],
    ["- ", "one two three", 9, ["- one two", "  three"]],
    // What cannot be broken stays whole, on a line of its own.
    ["", "see https://example.org/long for more", 10, ["see", "  https://example.org/long", "  for more"]],
    ["", "", 10, [""]],
    // Two columns each, and colours none.
    ["", "地図 地図 地図", 9, ["地図 地図", "  地図"]],
    ["", "\x1b[1mone\x1b[0m two", 7, ["\x1b[1mone\x1b[0m two"]]
  ]
  for (const [head, text, columns, lines] of table) {
    it(`of ${JSON.stringify(head + text)} fits ${columns} columns`, () => {
      assert.deepStrictEqual(wrap(head, text, "  ", columns), lines)
    })
  }

  it("hangs behind its head", () => {
    assert.deepStrictEqual(hung("ok   ", "all is well as far as one sees", 28), [
      "ok   all is well as far as",
      "     one sees"
    ])
  })

  it("stands below its head where there is no room behind it", () => {
    assert.deepStrictEqual(hung("  --with-a-long-name  ", "all is well as far as one sees", 30), [
      "  --with-a-long-name",
      "      all is well as far as",
      "      one sees"
    ])
  })

  it("is one line where the width is not known", () => {
    assert.deepStrictEqual(hung("ok  ", "all is well", Number.POSITIVE_INFINITY), ["ok  all is well"])
  })
})
