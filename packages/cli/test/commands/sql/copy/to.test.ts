import { existsSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Emulator, Fault } from "@effect-carto/emulator"
import { Effect } from "effect"
import { emulator, home, onEmulator } from "../../../harness.ts"

const setUp = onEmulator([
  "-q",
  "sql",
  "query",
  "drop table if exists lines; create table lines (a int, b text); insert into lines values (1, E'x\\ny'), (2, null)"
])

const plainLine = (text: string) => text.replace(/[\d.]+ m?s\)/, "T)")

it.layer(emulator.layer, emulator.options)("carto sql copy to", (it) => {
  it.effect("writes a table to standard output, the count beside it", () =>
    Effect.gen(function* () {
      yield* setUp
      const { code, stderr, stdout } = yield* onEmulator(["sql", "copy", "to", "lines", "-"])
      assert.deepStrictEqual([code, stdout], [0, 'a,b\n1,"x\ny"\n2,\n'])
      assert.strictEqual(plainLine(stderr), "copied 2 rows from lines to standard output (15 B, T)\n")
    })
  )

  it.effect("writes a file when all is there", () =>
    Effect.gen(function* () {
      yield* setUp
      const file = join(yield* home, "lines.csv")
      const { stderr } = yield* onEmulator(["sql", "copy", "to", "lines", file, "--columns", "a", "--no-header"])
      assert.strictEqual(plainLine(stderr), `copied 2 rows from lines to ${file} (4 B, T)\n`)
      assert.strictEqual(readFileSync(file, "utf8"), "1\n2\n")
    })
  )

  it.effect("writes a query's result in PostgreSQL's text format", () =>
    Effect.gen(function* () {
      yield* setUp
      const args = ["sql", "copy", "to", "--query", "select b from lines order by a", "--format", "text", "-"]
      const { stderr, stdout } = yield* onEmulator(args)
      assert.strictEqual(stdout, "x\\ny\n\\N\n")
      assert.match(stderr, /^copied 2 rows from the query to standard output/)
    })
  )

  it.effect("leaves no file when the answer breaks off", () =>
    Effect.gen(function* () {
      const { faults } = yield* Emulator
      const file = join(yield* home, "half.csv")
      yield* faults.inject(Fault.Cut({ afterBytes: 100 }), { path: "copyto", times: 9 })
      const query = "select i from generate_series(1, 1000) i"
      const { code, stderr } = yield* onEmulator(["--retries", "0", "sql", "copy", "to", "--query", query, file])
      yield* faults.clear
      assert.strictEqual(code, 1)
      assert.match(stderr, /^error: The connection broke: /)
      assert.isFalse(existsSync(file))
    })
  )

  it.effect("refuses a call that leaves open what to write, and where", () =>
    Effect.gen(function* () {
      for (const args of [
        ["lines"],
        ["--query", "select 1", "lines", "file"],
        ["--query", "select 1", "-", "--columns", "a"]
      ]) {
        const { code, stderr, stdout } = yield* onEmulator(["sql", "copy", "to", ...args])
        assert.deepStrictEqual([code, stdout], [2, ""])
        assert.match(stderr, /^error: .*\nhint: .*\n$/)
      }
    })
  )
})
