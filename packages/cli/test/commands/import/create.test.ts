import { join } from "node:path"
import { stripVTControlCharacters } from "node:util"
import { assert, it } from "@effect/vitest"
import { Emulator } from "@effect-carto/emulator"
import { Effect, Redacted } from "effect"
import { carto, emulator, onEmulator } from "../../harness.ts"
import { start } from "../../program.ts"
import { folderWith } from "../files.ts"

const create = (...args: ReadonlyArray<string>) => onEmulator(["import", "create", ...args])
const plain = (text: string) => text.replace(/\([\d.]+ m?s\)/g, "(T)")
const uuid = /^[0-9a-f-]{36}$/

it.layer(emulator.layer, emulator.options)("carto import create", (it) => {
  it.effect("tells the states, and prints what became of the file", () =>
    Effect.gen(function* () {
      const folder = yield* folderWith({ "Big Cities.csv": "name,lat,lon\nLima,1,2\n" })
      const path = join(folder, "Big Cities.csv")
      const { code, stderr, stdout } = yield* create(path, "--privacy", "link", "--create-map")
      assert.strictEqual(code, 0)
      assert.strictEqual(plain(stderr).trimEnd().split("\n").at(-1), `${path} complete (T)`)
      const [record] = JSON.parse(stdout)
      assert.deepInclude(record, { source: path, status: "imported", datasets: ["big_cities"], count: 1, error: null })
      assert.match(record.id, uuid)
      assert.match(record.map, uuid)
    })
  )

  it.effect("imports all files like a pattern, and reports the one that fails beside the others", () =>
    Effect.gen(function* () {
      const folder = yield* folderWith({ "a/one.csv": "x\n1\n", "a/two.csv": "x\n2\n", "a/bad.csv": 'x,y\n1,"2\n' })
      const { code, stderr, stdout } = yield* create(
        join(folder, "a/*.csv"),
        "--format",
        "csv",
        "--json",
        "status,datasets"
      )
      assert.strictEqual(code, 1)
      assert.deepStrictEqual(stdout.trimEnd().split("\n").toSorted(), [
        "failed,",
        'imported,"[""one""]"',
        'imported,"[""two""]"',
        "status,datasets"
      ])
      assert.match(stderr, /bad\.csv: error: Malformed CSV: .*\(code 2003\)\n/)
      assert.match(stderr, /bad\.csv: hint: Quote texts/)
      assert.isTrue(stderr.endsWith("error: 1 of 3 imports failed.\n"))
    })
  )

  it.effect("a person sees a table in which nothing is said of what is not there", () =>
    Effect.gen(function* () {
      const folder = yield* folderWith({ "table.csv": "x\n1\n" })
      const { stdout } = yield* onEmulator(["import", "create", join(folder, "table.csv")], { terminal: 200 })
      const lines = stripVTControlCharacters(stdout)
        .trimEnd()
        .split("\n")
        .map((line) => line.trimEnd())
      assert.match(lines[0] ?? "", /^source +status +dataset +error$/)
      assert.match(lines[2] ?? "", /table\.csv +imported +table$|table\.csv +imported +table_t$/)
    })
  )

  it.effect("takes standard input, queries, copies and URLs", () =>
    Effect.gen(function* () {
      const piped = yield* onEmulator(["import", "create", "-", "--name", "piped.csv", "--jq", ".[].datasets[0]"], {
        stdin: "x\n1\n"
      })
      assert.strictEqual(piped.stdout, "piped\n")
      const query = yield* create("--sql", "select 2 as y", "--name", "asked", "--jq", ".[].datasets[0]")
      assert.strictEqual(query.stdout, "asked\n")
      const copy = yield* create("--table", "asked", "--jq", ".[].datasets[0]")
      assert.strictEqual(copy.stdout, "asked_copy\n")
      const { masterKey, url } = yield* Emulator
      const q = new URLSearchParams({ q: "select 3 as z", format: "csv", filename: "loaded" })
      const loaded = yield* create(
        `${url}/api/v2/sql?${q}&api_key=${Redacted.value(masterKey)}`,
        "--jq",
        ".[].datasets[0]"
      )
      assert.strictEqual(loaded.stdout, "loaded\n")
    })
  )

  it.effect("skips or overwrites what is there, and keeps identifiers without guessing", () =>
    Effect.gen(function* () {
      const folder = yield* folderWith({ "codes.csv": "zip\n01001\n" })
      const file = join(folder, "codes.csv")
      const zip = Effect.map(onEmulator(["sql", "query", "select zip from codes", "--jq", ".[].zip"]), ({ stdout }) =>
        stdout.trimEnd()
      )
      yield* create(file)
      assert.strictEqual(yield* zip, "1001")
      const skipped = yield* create(file, "--collision", "skip", "--jq", ".[].status")
      assert.deepStrictEqual([skipped.code, skipped.stdout], [0, "skipped\n"])
      yield* create(file, "--collision", "overwrite", "--no-type-guessing")
      assert.strictEqual(yield* zip, "01001")
    })
  )

  it.effect("--no-wait prints the id only, get and list show it, and wait prints the datasets", () =>
    Effect.gen(function* () {
      const { imports } = yield* Emulator
      const folder = yield* folderWith({ "held.csv": "x\n1\n" })
      yield* imports.setPolls({ importing: Number.POSITIVE_INFINITY })
      const started = yield* create(join(folder, "held.csv"), "--no-wait")
      const id = started.stdout.trimEnd()
      assert.match(id, uuid)
      assert.deepStrictEqual([started.code, started.stderr], [0, ""])
      const late = yield* onEmulator(["import", "wait", id, "--timeout", "500ms"])
      assert.strictEqual(late.code, 1)
      assert.include(late.stderr, `the import goes on; carto import wait ${id} waits for it again\n`)
      const listed = yield* onEmulator(["import", "list", "--jq", ".[].id"])
      assert.strictEqual(listed.stdout, `${id}\n`)
      yield* imports.setPolls({})
      const waited = yield* onEmulator(["import", "wait", id])
      assert.deepStrictEqual([waited.code, waited.stdout], [0, "held\n"])
      assert.match(plain(waited.stderr), /import \S+ complete \(T\)\n$/)
      const got = yield* onEmulator(["import", "get", id, "--json", "state,table_name"])
      assert.strictEqual(got.stdout, '{"state":"complete","table_name":"held"}\n')
    })
  )

  it.effect("a failed import says why in wait, too", () =>
    Effect.gen(function* () {
      const folder = yield* folderWith({ "empty.csv": "x\n" })
      const { stdout } = yield* create(join(folder, "empty.csv"), "--no-wait")
      const { code, stderr, stdout: printed } = yield* onEmulator(["import", "wait", stdout.trimEnd(), "--quiet"])
      assert.deepStrictEqual([code, printed], [1, ""])
      assert.match(stderr, /^error: Empty file: .*\(code 1005\)\nhint: Give at least one row or feature\.\n$/)
    })
  )

  it.effect("--dry-run sends nothing", () =>
    Effect.gen(function* () {
      const folder = yield* folderWith({ "dry.csv": "x\n1\n" })
      const { code, stderr, stdout } = yield* create(join(folder, "dry.csv"), "--dry-run")
      assert.deepStrictEqual([code, stdout], [0, ""])
      assert.match(stderr, /^would .*POST .*\/api\/v1\/imports/)
      assert.isTrue(stderr.endsWith("Nothing was changed.\n"))
      assert.strictEqual((yield* onEmulator(["sql", "query", "select 1 from dry"])).code, 1)
    })
  )

  it.effect("sends nothing of a wrong call", () =>
    Effect.gen(function* () {
      const folder = yield* folderWith({ "a.csv": "x\n1\n", "b.csv": "x\n1\n" })
      const at = (name: string) => join(folder, name)
      for (const [args, code, text] of [
        [[], 2, "error: There is nothing to import.\n"],
        [[at("nope.csv")], 1, "there is no such file or directory\nhint: Check the path.\n"],
        [[at("a.csv"), at("nope.csv")], 1, "there is no such file or directory\nhint: Check the path.\n"],
        [[at("*.txt")], 2, "error: No file is like "],
        [["-"], 2, "error: Standard input has no name.\n"],
        [[at("a.csv"), "--sql", "select 1"], 2, "error: Only files and URLs are imported together.\n"],
        [[at("a.csv"), at("b.csv"), "--name", "c"], 2, "error: --name is for one source; there are several.\n"],
        [[at("a.csv"), "--json", "?"], 2, "There are source, status, dataset, datasets, "],
        [[at("a.csv"), "--collision", "rename"], 2, "collision"]
      ] as const) {
        const result = yield* create(...args)
        assert.deepStrictEqual([result.code, result.stdout], [code, ""], args.join(" "))
        assert.include(result.stderr, text)
      }
      assert.strictEqual((yield* onEmulator(["import", "list"])).stdout, "[]\n")
    })
  )

  it.effect("never shows what a connector's file holds", () =>
    Effect.gen(function* () {
      const connection = { server: "127.0.0.1", port: 1, database: "d", username: "u", password: "hush-hush" }
      const folder = yield* folderWith({
        "cut.json": '{"provider": "postgres", "connection": {"password": "hush-hush"',
        "list.json": '["hush-hush"]',
        "unknown.json": JSON.stringify({ provider: "nosuch", connection, table: "t" }),
        "dead.json": JSON.stringify({ provider: "postgres", connection, table: "t" })
      })
      for (const [name, code] of [
        ["cut.json", 2],
        ["list.json", 2],
        ["unknown.json", 1],
        ["dead.json", 1]
      ] as const) {
        for (const more of [[], ["--verbose"], ["--dry-run"], ["--log-level", "all"]]) {
          const result = yield* create("--connector", join(folder, name), ...more)
          if (more[0] !== "--dry-run") assert.strictEqual(result.code, code, `${name} ${result.stderr}`)
          assert.notInclude(result.stdout + result.stderr, "hush-hush", `${name} ${more.join()}`)
        }
      }
    })
  )

  it.effect("without a key, or with a wrong one, ends with 4", () =>
    Effect.gen(function* () {
      const folder = yield* folderWith({ "keyed.csv": "x\n1\n" })
      const file = join(folder, "keyed.csv")
      const wrong = yield* onEmulator(["import", "create", file], { env: { CARTO_API_KEY: "wrong" } })
      assert.deepStrictEqual([wrong.code, wrong.stdout], [4, ""])
      assert.match(wrong.stderr, /^error: Access denied/)
      const none = yield* carto(["import", "create", file], { env: { HOME: folder } })
      assert.strictEqual(none.code, 4)
      for (const verb of ["get", "wait"]) {
        const unknown = yield* onEmulator(["import", verb, "9f4b1d3e"])
        assert.deepStrictEqual(
          [unknown.code, unknown.stdout, unknown.stderr],
          [1, "", 'error: There is no import "9f4b1d3e".\nhint: carto import list shows those that are under way.\n']
        )
      }
    })
  )

  it.effect("Ctrl-C tells once that the import goes on, and how to wait for it again", () =>
    Effect.gen(function* () {
      const { imports, masterKey, url } = yield* Emulator
      const folder = yield* folderWith({ "long.csv": "x\n1\n" })
      yield* imports.setPolls({ importing: Number.POSITIVE_INFINITY })
      const file = join(folder, "long.csv")
      const program = start(["import", "create", file], {
        HOME: folder,
        CARTO_API_URL: url,
        CARTO_API_KEY: Redacted.value(masterKey)
      })
      yield* Effect.promise(() => program.says("stderr", "importing"))
      program.child.kill("SIGINT")
      assert.strictEqual(yield* Effect.promise(() => program.exit), 130)
      yield* imports.setPolls({})
      assert.strictEqual(program.stderr().split("goes on").length, 2, program.stderr())
      assert.match(program.stderr(), /\ncarto import wait [0-9a-f-]{36} waits for \S+long\.csv again\n$/)
    })
  )

  it.effect("ends quietly with 0 when nobody reads what became of it", () =>
    Effect.gen(function* () {
      const { imports, masterKey, url } = yield* Emulator
      const folder = yield* folderWith({ "unread.csv": "x\n1\n" })
      yield* imports.setPolls({ importing: Number.POSITIVE_INFINITY })
      const program = start(["import", "create", join(folder, "unread.csv")], {
        HOME: folder,
        CARTO_API_URL: url,
        CARTO_API_KEY: Redacted.value(masterKey)
      })
      yield* Effect.promise(() => program.says("stderr", "importing"))
      program.child.stdout?.destroy()
      yield* imports.setPolls({})
      assert.strictEqual(yield* Effect.promise(() => program.exit), 0)
      assert.notInclude(program.stderr(), "error")
      assert.strictEqual((yield* onEmulator(["sql", "query", "select x from unread", "--jq", ".[].x"])).stdout, "1\n")
    })
  )
})
