import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { emulator, home, onEmulator } from "../../harness.ts"
import { folderWith } from "../files.ts"

const dataset = (...args: ReadonlyArray<string>) => onEmulator(["dataset", ...args])
const query = (sql: string) => onEmulator(["sql", "query", sql, "--quiet"])
const make = (name: string) =>
  query(`create table ${name} (code text, depth int); insert into ${name} values ('KEL', 10), ('OSL', 24)`)
const rows = (name: string) =>
  Effect.map(query(`select code, depth from ${name} order by code`), ({ stdout }) =>
    (JSON.parse(stdout) as ReadonlyArray<{ readonly code: string; readonly depth: number }>).map(
      ({ code, depth }) => `${code} ${depth}`
    )
  )
const plain = (text: string) => text.replace(/[\d.]+ m?s\)/, "T)")

it.layer(emulator.layer, emulator.options)("new rows", (it) => {
  it.effect("replace tells rows before and after", () =>
    Effect.gen(function* () {
      yield* make("replaced")
      const file = join(yield* folderWith({ "new.csv": "code,depth\nRTM,24\n" }), "new.csv")
      const { code, stderr, stdout } = yield* dataset("replace", "replaced", file, "--json", "rows,before,after,bytes")
      assert.deepStrictEqual(
        [code, plain(stderr)],
        [0, "replaced the rows of replaced by 1 row (2 before, 1 after, T)\n"]
      )
      assert.deepStrictEqual(JSON.parse(stdout), { rows: 1, before: 2, after: 1, bytes: 18 })
      assert.deepStrictEqual(yield* rows("replaced"), ["RTM 24"])
    })
  )

  it.effect("append takes gzip, tabs and standard input", () =>
    Effect.gen(function* () {
      yield* make("appended")
      const folder = yield* home
      writeFileSync(join(folder, "a.csv.gz"), gzipSync("code,depth\nRTM,24\n"))
      writeFileSync(join(folder, "b.tsv"), "depth\tcode\n7\tLIM\n")
      const gzip = yield* dataset("append", "appended", join(folder, "a.csv.gz"))
      assert.strictEqual(plain(gzip.stderr), "appended 1 row to appended (2 before, 3 after, T)\n")
      assert.strictEqual((yield* dataset("append", "appended", join(folder, "b.tsv"), "--no-count")).code, 0)
      const piped = yield* onEmulator(["dataset", "append", "appended", "-"], { stdin: "code,depth\nANR,17\n" })
      assert.strictEqual(piped.code, 0)
      assert.deepStrictEqual(yield* rows("appended"), ["ANR 17", "KEL 10", "LIM 7", "OSL 24", "RTM 24"])
    })
  )

  it.effect("upsert changes rows of the same key and adds the others, from a query too", () =>
    Effect.gen(function* () {
      yield* make("upserted")
      const { code, stderr } = yield* dataset(
        "upsert",
        "upserted",
        "--key",
        "code",
        "--sql",
        "select 'KEL' as code, 11 as depth union all select 'RTM', 24"
      )
      assert.deepStrictEqual([code, plain(stderr)], [0, "upserted 2 rows into upserted (2 before, 3 after, T)\n"])
      assert.deepStrictEqual(yield* rows("upserted"), ["KEL 11", "OSL 24", "RTM 24"])
      assert.strictEqual((yield* dataset("upsert", "upserted", "--table", "upserted")).code, 2)
    })
  )

  it.effect("--plan prints the statements in order, and sends none", () =>
    Effect.gen(function* () {
      yield* make("planned")
      const file = join(yield* folderWith({ "new.csv": "code,depth\nRTM,24\n" }), "new.csv")
      const { code, stderr, stdout } = yield* dataset("replace", "planned", file, "--plan")
      assert.deepStrictEqual([code, stderr], [0, "Nothing was sent.\n"])
      assert.deepStrictEqual(
        [...stdout.matchAll(/^-- (.*)$/gm)].map(([, purpose]) => purpose),
        ["1. make a staging table", "2. load the data", "3. swap the rows"]
      )
      const json = yield* dataset("append", "planned", file, "--plan", "--jq", ".[].purpose", "--quiet")
      assert.strictEqual(json.stdout, "load the data\n")
      assert.deepStrictEqual(yield* rows("planned"), ["KEL 10", "OSL 24"])
    })
  )

  it.effect("whatever is wrong leaves the old rows", () =>
    Effect.gen(function* () {
      yield* make("kept")
      const folder = yield* folderWith({
        "bad.csv": "code,depth\nRTM,deep\n",
        "narrow.csv": "code\nRTM\n",
        "header.csv": "code,depth\n",
        "empty.csv": ""
      })
      writeFileSync(join(folder, "broken.csv.gz"), gzipSync("code,depth\nRTM,24\n").subarray(0, 20))
      const failures: ReadonlyArray<readonly [string, number, RegExp]> = [
        ["bad.csv", 1, /invalid input syntax/],
        ["narrow.csv", 2, /The data lacks "depth".*\nhint: .*--allow-missing/],
        ["header.csv", 1, /the new data has no rows\nhint: Say --allow-empty to leave/i],
        ["empty.csv", 2, /not even a header/],
        ["broken.csv.gz", 1, /error: /],
        ["none.csv", 1, /no such file/]
      ]
      for (const [file, code, message] of failures) {
        const failed = yield* dataset("replace", "kept", join(folder, file))
        assert.deepStrictEqual([failed.code, failed.stdout], [code, ""], file)
        assert.match(failed.stderr, message, file)
      }
      const dry = yield* dataset("replace", "kept", join(folder, "narrow.csv"), "--allow-missing", "depth", "--dry-run")
      assert.deepStrictEqual([dry.code, dry.stderr.startsWith("would POST ")], [0, true])
      assert.strictEqual((yield* dataset("replace", "kept")).code, 2)
      assert.strictEqual((yield* dataset("replace", "kept", "x.csv", "--table", "kept")).code, 2)
      assert.deepStrictEqual(yield* rows("kept"), ["KEL 10", "OSL 24"])
      const emptied = yield* dataset("replace", "kept", join(folder, "header.csv"), "--allow-empty")
      assert.strictEqual(plain(emptied.stderr), "replaced the rows of kept by 0 rows (2 before, 0 after, T)\n")
    })
  )
})
