import { assert, describe, it } from "@effect/vitest"
import { Arbitrary, Result, Schema } from "effect"
import type { LoadMode } from "../../src/DatasetLoad.ts"
import * as Steps from "../../src/internal/datasetSteps.ts"
import * as Literal from "../../src/Literal.ts"
import * as SqlText from "../../src/SqlText.ts"

const move = (target: string, columns: ReadonlyArray<string>, mode: LoadMode): Steps.Move => ({
  target,
  staging: "carto_staging_1",
  columns,
  moved: columns,
  serials: columns.slice(0, 1),
  mode,
  allowEmpty: false
})

const keywords = (sql: string) =>
  Result.map(SqlText.statements(sql), (all) => all.map(({ keyword }) => keyword)).pipe(Result.getOrElse(() => []))

const expected: ReadonlyArray<readonly [LoadMode, ReadonlyArray<string>]> = [
  ["replace", ["LOCK", "DO", "DELETE", "DO", "SELECT", "DROP"]],
  ["append", ["DO", "SELECT", "DROP"]],
  [{ upsert: "a" }, ["LOCK", "DO", "SELECT", "DROP"]]
]

describe("the steps of a load", () => {
  for (const [mode, statements] of expected) {
    it(`of ${JSON.stringify(mode)} are one transaction`, () => {
      assert.deepStrictEqual(keywords(Steps.move(move('"t"', ["a", "b"], mode)).sql), statements)
    })
  }

  it("may replace by nothing only where that is asked for", () => {
    const sql = (allowEmpty: boolean) => Steps.move({ ...move('"t"', ["a"], "replace"), allowEmpty }).sql
    assert.include(sql(false), "no rows")
    assert.notInclude(sql(true), "no rows")
  })

  const hostile = Arbitrary.schema(
    Schema.Array(
      Schema.Literals([
        "$carto$",
        "$",
        '"',
        "'",
        ";",
        "--",
        "/*",
        "*/",
        "\\",
        "\n",
        "do",
        "é",
        " ",
        "$carto1$",
        "a",
        "."
      ])
    ).check(Schema.isMinLength(1))
  )

  it.prop("stay the same statements whatever the names are", [hostile, hostile, hostile], ([table, first, second]) => {
    const [target, a, b] = [table, first, second].map((parts) => parts.join(""))
    if (target === undefined || a === undefined || b === undefined) return
    const quoted = Literal.identifier(target)
    for (const [mode, statements] of expected) {
      const own = typeof mode === "string" ? mode : { upsert: a }
      assert.deepStrictEqual(keywords(Steps.move(move(quoted, [a, b], own)).sql), statements)
    }
    assert.deepStrictEqual(keywords(Steps.stage(move(quoted, [a, b], "replace")).sql), ["CREATE"])
    assert.deepStrictEqual(keywords(Steps.fill(quoted, [a, b], quoted).sql), ["INSERT"])
    assert.isTrue(Result.isSuccess(SqlText.copyDirection(Steps.copyInto(quoted, [a, b], "").sql)))
  })
})
