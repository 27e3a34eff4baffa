import { readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Emulator, Fault, htmlPage } from "@effect-carto/emulator"
import { Effect } from "effect"
import { emulator, home, onEmulator } from "../../harness.ts"

const values = `select 9007199254740993::int8 as big, 1.50::numeric as dec, 'NaN'::float8 as nan,
  st_setsrid(st_point(1, 2.5), 4326) as geom, '2020-01-02 03:04:05.000123Z'::timestamptz as at,
  '\\x00ff'::bytea as bytes, null as nothing, '' as empty, '{"a":[1]}'::jsonb as doc, 'a,"b"' as text`

it.layer(emulator.layer, emulator.options)("carto sql query", (it) => {
  it.effect("prints one JSON array into a pipe, every value exact", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* onEmulator(["sql", "query", values])
      assert.strictEqual(
        stdout,
        '[\n{"big":9007199254740993,"dec":"1.50","nan":"NaN",' +
          '"geom":"0101000020E6100000000000000000F03F0000000000000440","at":"2020-01-02T03:04:05.000123Z",' +
          '"bytes":"\\\\x00ff","nothing":null,"empty":"","doc":{"a":[1]},"text":"a,\\"b\\""}\n]\n'
      )
      assert.deepStrictEqual([code, stderr], [0, ""])
    })
  )

  it.effect("prints CSV that tells NULL from an empty text", () =>
    Effect.gen(function* () {
      const { stdout } = yield* onEmulator(["sql", "query", "--format", "csv", values])
      assert.strictEqual(
        stdout,
        "big,dec,nan,geom,at,bytes,nothing,empty,doc,text\n" +
          "9007199254740993,1.50,NaN,0101000020E6100000000000000000F03F0000000000000440," +
          '2020-01-02T03:04:05.000123Z,\\x00ff,,"","{""a"":[1]}","a,""b"""\n'
      )
    })
  )

  it.effect("prints one JSON object per line", () =>
    Effect.gen(function* () {
      const { stdout } = yield* onEmulator(["sql", "query", "-f", "ndjson", "select i from generate_series(1, 3) i"])
      assert.strictEqual(stdout, '{"i":1}\n{"i":2}\n{"i":3}\n')
    })
  )

  it.effect("prints a table on a terminal, and the count beside it", () =>
    Effect.gen(function* () {
      const query = "select 'Ünï 東京' as name, 12::int8 as n union all select E'\\x1b[31mred\\nline', null"
      const { stderr, stdout } = yield* onEmulator(["sql", "query", query], { terminal: 80, env: { NO_COLOR: "1" } })
      assert.strictEqual(stdout, "name             n\n------------  ----\nÜnï 東京        12\n[31mred line  NULL\n")
      assert.match(stderr, /^2 rows \(\d+ ms\)\n$/)
    })
  )

  it.effect("prints the header of a result without rows", () =>
    Effect.gen(function* () {
      const query = "select 1 as a, 2 as b where false"
      assert.strictEqual((yield* onEmulator(["sql", "query", "-f", "csv", query])).stdout, "a,b\n")
      assert.strictEqual((yield* onEmulator(["sql", "query", "-f", "table", query])).stdout, "a  b\n-  -\n")
      assert.strictEqual((yield* onEmulator(["sql", "query", "-f", "json", query])).stdout, "[]\n")
      assert.strictEqual((yield* onEmulator(["sql", "query", "-f", "ndjson", query])).stdout, "")
    })
  )

  it.effect("reads the statement from standard input", () =>
    Effect.gen(function* () {
      const dash = yield* onEmulator(["sql", "query", "-"], { stdin: "-- a comment\nselect 1 as a" })
      assert.strictEqual(dash.stdout, '[\n{"a":1}\n]\n')
      const none = yield* onEmulator(["sql", "query"], { stdin: "select 2 as a;\n" })
      assert.strictEqual(none.stdout, '[\n{"a":2}\n]\n')
    })
  )

  it.effect("tells of each change in one line", () =>
    Effect.gen(function* () {
      const run = (sql: string) => onEmulator(["sql", "query", "-f", "ndjson", sql])
      const created = yield* run("create table changes (a int)")
      assert.deepStrictEqual([created.code, created.stdout], [0, ""])
      assert.match(created.stderr, /^CREATE done \(\d+ ms\)\n$/)
      const inserted = yield* run("insert into changes values (1), (2) returning a")
      assert.strictEqual(inserted.stdout, '{"a":1}\n{"a":2}\n')
      assert.match(inserted.stderr, /^INSERT 2 rows \(\d+ ms\)\n$/)
      assert.match((yield* run("delete from changes")).stderr, /^DELETE 2 rows/)
      assert.strictEqual((yield* onEmulator(["--quiet", "sql", "query", "drop table changes"])).stderr, "")
    })
  )

  it.effect("keeps the columns of every statement of several", () =>
    Effect.gen(function* () {
      const { stderr, stdout } = yield* onEmulator(["sql", "query", "-f", "csv", "select 1 as a; select 2 as b"])
      assert.deepStrictEqual([stdout, stderr], ["a,b\n1,\n,2\n", ""])
    })
  )

  it.effect("refuses two columns of one name, as rows hold only one", () =>
    Effect.gen(function* () {
      const { code, stdout } = yield* onEmulator(["sql", "query", "-f", "csv", "select 1 as a, 2 as a"])
      assert.deepStrictEqual([code, stdout], [2, ""])
    })
  )

  it.effect("passes on what the database says beside the rows", () =>
    Effect.gen(function* () {
      const { stderr } = yield* onEmulator(["sql", "query", "do $$ begin raise notice 'hello'; end $$"])
      assert.match(stderr, /^notice: .*hello\nDO done/)
    })
  )

  it.effect("writes a file in the format of its name", () =>
    Effect.gen(function* () {
      const file = join(yield* home, "out.csv")
      const { code, stderr, stdout } = yield* onEmulator(["sql", "query", "select 1 as a", "--output", file])
      assert.deepStrictEqual([code, stdout], [0, ""])
      assert.strictEqual(stderr.replace(/[\d.]+ m?s/, "T"), `wrote 1 row to ${file} (4 B, T)\n`)
      assert.strictEqual(readFileSync(file, "utf8"), "a\n1\n")
    })
  )

  it.effect("refuses a file whose name promises another format, unless one is named", () =>
    Effect.gen(function* () {
      const folder = yield* home
      const query = (file: string, ...more: ReadonlyArray<string>) =>
        onEmulator(["sql", "query", "select 1 as a", "--output", join(folder, file), ...more])
      for (const extension of ["xlsx", "tsv", "csv.gz"]) {
        const { code, stderr } = yield* query(`out.${extension}`)
        assert.strictEqual(code, 2, extension)
        assert.include(stderr, `error: No format here has the extension .${extension.split(".").at(-1)}.\n`)
        assert.match(stderr, /hint: There are \.json, \.ndjson, .*\.csv, .*; or say with --format what /)
      }
      assert.deepStrictEqual(readdirSync(folder), [])
      assert.strictEqual((yield* query("out.tmp", "--format", "csv")).code, 0)
      assert.strictEqual(readFileSync(join(folder, "out.tmp"), "utf8"), "a\n1\n")
      // No extension, and a number that is none.
      for (const file of ["out", "out.2024"]) assert.strictEqual((yield* query(file)).code, 0, file)
      assert.deepStrictEqual(JSON.parse(readFileSync(join(folder, "out"), "utf8")), [{ a: 1 }])
    })
  )

  it.effect("lets the server make its own formats", () =>
    Effect.gen(function* () {
      const query = "select st_setsrid(st_point(1, 2), 4326) as the_geom, 7 as n"
      const { stdout } = yield* onEmulator(["sql", "query", "--format", "geojson", query])
      const { features } = JSON.parse(stdout)
      assert.deepStrictEqual(features[0].properties, { n: 7 })
    })
  )

  it.effect("does not write a binary format to a terminal", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* onEmulator(["sql", "query", "-f", "shp", "select 1"], { terminal: 80 })
      assert.deepStrictEqual([code, stdout], [2, ""])
      assert.include(stderr, "--output FILE")
    })
  )

  it.effect("fails with the server's words and leaves no half of a document that looks whole", () =>
    Effect.gen(function* () {
      const missing = yield* onEmulator(["sql", "query", "select * from nope"])
      assert.deepStrictEqual(missing, {
        code: 1,
        stdout: "",
        stderr: 'error: The statement failed: relation "nope" does not exist\nhint: Correct the statement.\n'
      })
      const late = yield* onEmulator(["sql", "query", "select 1 / (20000 - i) as a from generate_series(1, 30000) i"])
      assert.strictEqual(late.code, 1)
      assert.include(late.stderr, "division by zero")
      assert.notInclude(late.stdout, "]")
    })
  )

  it.effect("shows PostgreSQL's hint as the advice", () =>
    Effect.gen(function* () {
      const { stderr } = yield* onEmulator(["sql", "query", "select 'a'::text + 1"])
      assert.match(stderr, /^error: The statement failed: operator does not exist: text \+ integer\nhint: No operator/)
    })
  )

  it.effect("leaves no file behind a failure, and an old one as it was", () =>
    Effect.gen(function* () {
      const file = join(yield* home, "old.csv")
      yield* onEmulator(["sql", "query", "select 1 as a", "-o", file])
      const { code } = yield* onEmulator([
        "sql",
        "query",
        "select 1/(3-i) as a from generate_series(1, 9) i",
        "-o",
        file
      ])
      assert.strictEqual(code, 1)
      assert.strictEqual(readFileSync(file, "utf8"), "a\n1\n")
    })
  )

  it.effect("says why a file cannot be written", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* onEmulator(["sql", "query", "select 1", "-o", "/nowhere/at/all.csv"])
      assert.strictEqual(code, 1)
      assert.match(stderr, /^error: Cannot write "\/nowhere\/at\/all.csv": there is no such file or directory/)
    })
  )

  it.effect("ends with 4 when the key is refused, and never shows it", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* onEmulator(["--log-level", "debug", "sql", "query", "select 1"], {
        env: { CARTO_API_KEY: "wrong-key-1234" }
      })
      assert.deepStrictEqual([code, stdout], [4, ""])
      assert.include(stderr, "error: Access denied: ")
      assert.notInclude(stderr, "wrong-key-1234")
    })
  )

  it.effect("shows a stack trace only under --log-level debug", () =>
    Effect.gen(function* () {
      const plain = yield* onEmulator(["sql", "query", "select nope"])
      const debug = yield* onEmulator(["--log-level", "debug", "sql", "query", "select nope"])
      assert.notMatch(plain.stderr, /^\s+at /m)
      assert.match(debug.stderr, /^\s+at /m)
    })
  )

  it.effect("gives up after --timeout", () =>
    Effect.gen(function* () {
      const { faults } = yield* Emulator
      yield* faults.inject(Fault.Hang(), { times: 1 })
      const { code, stderr } = yield* onEmulator(["--timeout", "300ms", "sql", "query", "select 1"])
      assert.strictEqual(code, 1)
      assert.include(stderr, "error: Out of time: not finished after 300ms\n")
    })
  )

  it.effect("tells a page of a proxy from an answer in one line", () =>
    Effect.gen(function* () {
      const { faults } = yield* Emulator
      yield* faults.inject(htmlPage(200), { times: 1 })
      const { code, stderr } = yield* onEmulator(["--retries", "0", "sql", "query", "select 1"])
      assert.strictEqual(code, 1)
      assert.match(stderr, /^error: The answer is not CARTO's/)
      assert.strictEqual(stderr.trimEnd().split("\n").length, 2)
    })
  )

  it.effect("says that it waits, and how often at most", () =>
    Effect.gen(function* () {
      const { faults } = yield* Emulator
      yield* faults.inject(htmlPage(503), { times: 2 })
      const { code, stderr } = yield* onEmulator(["--retries", "1", "sql", "query", "select 1"])
      assert.strictEqual(code, 1)
      assert.match(stderr, /^note: Waiting .* before attempt 2 of /)
      assert.include(stderr, "error: The server failed (503): ")
    })
  )

  it.effect("needs a statement", () =>
    Effect.gen(function* () {
      const terminal = yield* onEmulator(["sql", "query"], { terminal: 80 })
      assert.deepStrictEqual([terminal.code, terminal.stdout], [2, ""])
      assert.match(terminal.stderr, /^error: There is no statement.\nhint: /)
      assert.strictEqual((yield* onEmulator(["sql", "query", " "])).code, 2)
    })
  )
})
