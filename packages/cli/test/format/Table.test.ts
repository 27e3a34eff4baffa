import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { width } from "../../src/format/Cell.ts"
import * as Table from "../../src/format/Table.ts"

const render = (rows: ReadonlyArray<Record<string, unknown>>, options: Partial<Table.TableOptions> = {}) =>
  Stream.fromIterable(rows).pipe(
    Stream.rechunk(100),
    Table.render({ width: undefined, color: false, columns: [], ...options }),
    Stream.mkString
  )

describe("Table", () => {
  it.effect("aligns numbers to the right and text to the left, wide characters counted as two", () =>
    Effect.gen(function* () {
      const table = yield* render([
        { city: "東京", n: 5n },
        { city: "Rome", n: 12n }
      ])
      assert.strictEqual(table, "city   n\n----  --\n東京   5\nRome  12\n")
    })
  )

  it.effect("takes from the widest columns until the terminal is wide enough", () =>
    Effect.gen(function* () {
      const rows = [{ id: 1, text: "a".repeat(50), more: "東".repeat(40) }]
      const lines = (yield* render(rows, { width: 40 })).split("\n")
      assert.isTrue(lines.every((line) => width(line) <= 40))
      assert.include(lines[2], "…")
      assert.match(lines[2] ?? "", /^ 1 {2}a/)
    })
  )

  it.effect("cuts no ids: half of one names nothing", () =>
    Effect.gen(function* () {
      const id = "88f6717d-0656-4e8f-b67c-c56c1f400eef"
      const rows = [{ id, status: "done", query: "a".repeat(50), account: "b".repeat(50) }]
      const lines = (yield* render(rows, { width: 80 })).split("\n")
      assert.isTrue(lines.every((line) => width(line) <= 80))
      assert.match(lines[2] ?? "", new RegExp(`^${id} {2}done {4}a+… {2}b+…$`))
      assert.include(yield* render(rows, { width: 40 }), id)
      assert.include(Table.record({ width: 20, color: false })({ job_id: id }), id)
    })
  )

  it.effect("cuts nothing that does not go to a terminal", () =>
    Effect.gen(function* () {
      assert.include(yield* render([{ text: "a".repeat(500) }]), "a".repeat(500))
    })
  )

  it.effect("shows one value per line when the columns do not fit side by side", () =>
    Effect.gen(function* () {
      const row = Object.fromEntries(Array.from({ length: 9 }, (_, i) => [`column_${i}`, "some text"]))
      const lines = (yield* render([row, row], { width: 40 })).split("\n")
      assert.strictEqual(lines[0], "column_0  some text")
      assert.strictEqual(lines[9], "")
    })
  )

  it.effect("lets nothing through that steers the terminal", () =>
    Effect.gen(function* () {
      const hostile = "\x1b]0;owned\x07\x9b31m\r\n\u202etxt\x00"
      const table = yield* render([{ [hostile]: hostile }], { width: 80, color: false })
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they must not be there
      assert.notMatch(table, /[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
      assert.strictEqual(table.split("\n").length, 4)
    })
  )

  it.effect("measures the first rows only and goes on as they come", () =>
    Effect.gen(function* () {
      const rows = Array.from({ length: 2500 }, (_, i) => ({ i: i === 2400 ? "x".repeat(99) : String(i) }))
      const lines = (yield* render(rows, { width: 80 })).split("\n")
      assert.strictEqual(lines.length, 2503)
      assert.strictEqual(lines[2402], "xx…")
    })
  )

  it.effect("shows nothing of rows that break off, so that no part passes for the whole", () =>
    Effect.gen(function* () {
      const text = yield* Stream.concat(Stream.make({ a: 1 }), Stream.fail("broken")).pipe(
        Table.render({ width: 80, color: false, columns: [] }),
        Stream.runCollect,
        Effect.flip
      )
      assert.strictEqual(text, "broken")
    })
  )
})
