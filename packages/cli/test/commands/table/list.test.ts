import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { emulator, onEmulator } from "../../harness.ts"

const setUp = onEmulator([
  "sql",
  "query",
  `create table if not exists small as select 1 as a;
  create table if not exists large as select i, repeat('x', 100) as text from generate_series(1, 5000) as i;
  analyze large;
  create table if not exists shown (name text);
  select CDB_CartodbfyTable('public', 'shown')`,
  "--quiet"
])

it.layer(emulator.layer, emulator.options)("carto table list", (it) => {
  it.effect("tells keys that may not read the catalogs the names", () =>
    Effect.gen(function* () {
      yield* setUp
      yield* onEmulator(["sql", "query", "grant select on large to publicuser", "--quiet"])
      const env = { CARTO_API_KEY: "default_public" }
      const { code, stderr, stdout } = yield* onEmulator(["table", "list", "--json", "name,size"], { env })
      assert.deepStrictEqual([code, stderr.startsWith("The key may not read the catalogs")], [0, true])
      assert.deepStrictEqual(JSON.parse(stdout), [{ name: "large", size: null }])
      const filtered = yield* onEmulator(["table", "list", "--cartodbfied"], { env })
      assert.strictEqual(filtered.code, 4)
      yield* onEmulator(["sql", "query", "revoke select on large from publicuser", "--quiet"])
    })
  )

  it.effect("tells sizes in numbers, the largest first, and which can be datasets", () =>
    Effect.gen(function* () {
      yield* setUp
      const { code, stdout } = yield* onEmulator(["table", "list"])
      assert.strictEqual(code, 0)
      const tables = JSON.parse(stdout)
      assert.deepStrictEqual(
        tables.map(({ cartodbfied, kind, name, schema }: Readonly<Record<string, unknown>>) => [
          schema,
          name,
          kind,
          cartodbfied
        ]),
        [
          ["public", "large", "table", false],
          ["public", "shown", "table", true],
          ["public", "small", "table", false]
        ]
      )
      assert.strictEqual(tables[0].rows, 5000)
      assert.isAbove(tables[0].size, 500_000)
    })
  )

  it.effect("filters and orders", () =>
    Effect.gen(function* () {
      yield* setUp
      const names = (...args: ReadonlyArray<string>) =>
        Effect.map(onEmulator(["table", "list", "--jq", ".[].name", ...args]), ({ stdout }) =>
          stdout.trim().split("\n")
        )
      assert.deepStrictEqual(yield* names("--cartodbfied"), ["shown"])
      assert.deepStrictEqual(yield* names("--no-cartodbfied", "--order-by", "name"), ["large", "small"])
    })
  )

  it.effect("draws bars on a terminal, that fit it", () =>
    Effect.gen(function* () {
      yield* setUp
      const { stdout } = yield* onEmulator(["table", "list"], { terminal: 60 })
      const [first = "", second = ""] = stdout.split("\n")
      assert.match(first, /^large +[\d.]+ kB {2}█+ +~5,000 rows {2}no dataset$/)
      assert.match(second, /^shown +[\d.]+ kB {2}[█▏▎▍▌▋▊▉]+ */)
      assert.isAbove(first.split("█").length, second.split("█").length)
      assert.isAtMost(Math.max(...stdout.split("\n").map((line) => line.length)), 62)
      assert.match(stdout, /\n3 tables, [\d.]+ kB with indexes; 1 can be datasets\n$/)
      const rows = yield* onEmulator(["table", "list", "--format", "csv"], { terminal: 60 })
      assert.match(rows.stdout, /^schema,name,kind,size,rows,cartodbfied\n/)
    })
  )
})
