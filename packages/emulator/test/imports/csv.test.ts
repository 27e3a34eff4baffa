import { assert, describe, it } from "@effect/vitest"
import * as ColumnGuess from "../../src/imports/csv/ColumnGuess.ts"
import { delimiterOf } from "../../src/imports/csv/dialect.ts"
import * as Records from "../../src/imports/csv/records.ts"
import { columnNames } from "../../src/imports/names.ts"

/** The records of a text that comes in pieces of this size; undefined for what is no CSV. */
const read = (text: string, size = text.length || 1, delimiter = ",") => {
  const records: Array<ReadonlyArray<string>> = []
  const reader = Records.make(delimiter, (cells) => records.push(cells))
  for (let at = 0; at < text.length; at += size) if (!reader.push(text.slice(at, at + size))) return undefined
  return reader.end() ? records : undefined
}

describe("records", () => {
  const cases: ReadonlyArray<readonly [text: string, records: ReadonlyArray<ReadonlyArray<string>> | undefined]> = [
    [
      "a,b\n1,2\n",
      [
        ["a", "b"],
        ["1", "2"]
      ]
    ],
    [
      "a,b\r\n1,2",
      [
        ["a", "b"],
        ["1", "2"]
      ]
    ],
    ["a\r1\r\r2", [["a"], ["1"], ["2"]]],
    [
      ",\n\n,x",
      [
        ["", ""],
        ["", "x"]
      ]
    ],
    ['"a,""b""\r\n",c\n', [['a,"b"\r\n', "c"]]],
    ['""\n', [[""]]],
    ['5" pipe,"x"y\n', [['5" pipe', "xy"]]],
    ['a\n"open\n', undefined],
    ["", []]
  ]
  for (const [text, records] of cases) {
    it(`${JSON.stringify(text)} is read the same in pieces of any size`, () => {
      for (let size = 1; size <= text.length + 1; size++) assert.deepStrictEqual(read(text, size), records, `${size}`)
    })
  }

  it("a record that does not end is given up before it fills the memory", () => {
    assert.isUndefined(read(`"${"x".repeat(17 * 1024 * 1024)}`, 1024 * 1024))
  })
})

describe("the type of a column", () => {
  const cases: ReadonlyArray<readonly [values: ReadonlyArray<string>, type: string]> = [
    [["1", "", "-2", " 3 "], "integer"],
    [["007"], "integer"],
    [["2147483648"], "bigint"],
    [["1", "-9223372036854775808"], "bigint"],
    [["9223372036854775808"], "double precision"],
    [["1", ".5", "2.", "1e3", "1D-3"], "double precision"],
    [["E12"], "double precision"],
    [["1e400"], "text"],
    [["1e-400"], "text"],
    [["E"], "text"],
    [["."], "text"],
    [["1,5"], "text"],
    [["2020-02-29", "2021/12/31"], "date"],
    [["2021-02-29"], "text"],
    [["2020-01-01", "2020-01-10", "2020-01-20", "2021-02-29"], "text"],
    [["2020-01-01 10:00:00+00", "2020-01-31 10:00:00.5+00", "2020-02-30 10:00:00+00"], "text"],
    [["2020-01-01 10:00:00+00", "2020-01-02"], "timestamptz"],
    [["1", "1234567890123", "2"], "bigint"],
    [["1234567890123", "9223372036854775808"], "double precision"],
    [["1.5", "2", "1e400"], "text"],
    [["1", "2.5", "x"], "text"],
    [["2020-01-01", "2020-01-01 10:00"], "timestamptz"],
    [["2020-01-01T10:00:00.5+02:00"], "timestamptz"],
    [["2020-01-01T25:00:00Z"], "text"],
    [["10:00:00"], "time"],
    [["1", "2020-01-01"], "text"],
    [["true"], "text"],
    [["", ""], "text"]
  ]
  for (const [values, type] of cases) {
    it(`of ${values.join(" | ")} is ${type}`, () => {
      const guess = ColumnGuess.make()
      for (const value of values) guess.see(value)
      assert.strictEqual(guess.type(), type)
    })
  }

  it("numbers that PostgreSQL does not read as they stand are made so; others are cast alone", () => {
    for (const [value, isPlain] of [
      ["1e3", true],
      [" -1.5 ", true],
      ["1D3", false],
      ["-E12", false]
    ] as const) {
      const guess = ColumnGuess.make()
      for (const text of ["1.5", value, "2.5"]) guess.see(text)
      assert.strictEqual(guess.cast("c").endsWith("'')::double precision"), isPlain, value)
    }
  })

  it("a comma is a decimal point where the delimiter is a semicolon", () => {
    const guess = ColumnGuess.make(true)
    guess.see("1,5")
    assert.strictEqual(guess.type(), "double precision")
  })
})

describe("the delimiter", () => {
  for (const [head, delimiter] of [
    ["a,b;c\n1,2;3\n", ","],
    ["a;b\n1,5;2\n", ";"],
    ["a\tb, c\n1\t2\n", "\t"],
    ["a|b\n1|2\n", "|"],
    ['"x;y;z",b\n1,2\n', ","],
    ["alone\n1\n", ","]
  ] as const) {
    it(`of ${JSON.stringify(head)} is ${JSON.stringify(delimiter)}`, () => {
      assert.strictEqual(delimiterOf(head), delimiter)
    })
  }
})

describe("names of columns", () => {
  it("are made fit, kept apart, and kept off what PostgreSQL reserves", () => {
    assert.deepStrictEqual(
      columnNames(["Name", "name", "NAME!", "2nd", "order", "xmin", "", "ñ", `${"x".repeat(70)}`], new Set(["order"])),
      ["name", "name_1", "name_", "_2nd", "_order", "_xmin", "field_7", "field_8", "x".repeat(63)]
    )
  })
})
