import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { columnNames, tableName } from "../src/DatasetNames.ts"

describe("tableName", () => {
  const names: ReadonlyArray<readonly [string, string]> = [
    ["Barrios", "barrios"],
    ["  New York  (2020) ", "new_york_2020_"],
    ["2020 census", "table_2020_census"],
    ["_private", "table_private"],
    ["Ávila", "table_vila"],
    ["select", "select_t"],
    ["", "untitled_table"],
    ["日本", "untitled_table"],
    ["a".repeat(80), "a".repeat(63)]
  ]
  for (const [text, name] of names) {
    it(`of ${JSON.stringify(text.slice(0, 20))} is ${name.slice(0, 20)}`, () =>
      assert.strictEqual(tableName(text), name))
  }
})

describe("columnNames", () => {
  it("are lower case, with a letter or underscore first, no reserved word, and none twice", () => {
    assert.deepStrictEqual(
      columnNames(["Name", "Zip Code", "2020", "order", "name", "NAME", "", "_x", "é", "xmin", "a--b", "the_geom"]),
      [
        "name",
        "zip_code",
        "_2020",
        "_order",
        "name_1",
        "name_2",
        "field_7",
        "_x",
        "field_9",
        "_xmin",
        "a_b",
        "the_geom"
      ]
    )
  })

  it("stay within 63 bytes when they get a number", () => {
    const [first, second] = columnNames(["x".repeat(70), "x".repeat(71)])
    assert.deepStrictEqual([first, second], ["x".repeat(63), `${"x".repeat(61)}_1`])
  })

  it("are numbered after their underscores were squeezed", () => {
    assert.deepStrictEqual(columnNames(["a__", "A_"]), ["a_", "a__1"])
    assert.deepStrictEqual(columnNames(["a_", "a__1"]), ["a_", "a_1"])
  })

  it.effect.prop(
    "are as many as there are columns, all different, and stay as they are unless a number follows an underscore",
    [Schema.Array(Schema.String)],
    ([names]) =>
      Effect.sync(() => {
        const found = columnNames(names)
        assert.strictEqual(new Set(found).size, names.length)
        for (const name of found) assert.match(name, /^[a-z_][a-z0-9_]{0,62}$/)
        // The number's own underscore makes two, of which another import leaves one.
        if (!found.some((name) => name.includes("__"))) assert.deepStrictEqual(columnNames(found), found)
      })
  )
})
