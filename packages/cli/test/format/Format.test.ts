import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import * as Format from "../../src/format/Format.ts"

const rows = [{ a: 1 }, { a: 2 }, { a: 3 }]

/** What is written at once, for rows that come two at a time. */
const written = (isTerminal: boolean, all: ReadonlyArray<{ readonly a: number }> = rows) =>
  Stream.fromIterable(all).pipe(
    Stream.rechunk(2),
    Format.render("json", { width: undefined, color: false, columns: [], isTerminal }),
    Stream.runCollect
  )

describe("a JSON array", () => {
  it.effect("has a row on each line, with its comma", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* written(false), ['[\n{"a":1},\n{"a":2}', ',\n{"a":3}', "\n]\n"])
      assert.deepStrictEqual(yield* written(false, []), ["[]\n"])
    })
  )

  it.effect("leaves no line unfinished on a terminal, where messages come between the rows", () =>
    Effect.gen(function* () {
      const parts = yield* written(true)
      assert.deepStrictEqual(parts, ['[\n{"a":1}\n,{"a":2}\n', ',{"a":3}\n', "]\n"])
      assert.deepStrictEqual(JSON.parse(parts.join("")), rows)
      assert.deepStrictEqual(yield* written(true, []), ["[]\n"])
    })
  )
})
