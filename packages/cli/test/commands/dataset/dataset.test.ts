import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Emulator } from "@effect-carto/emulator"
import { Effect } from "effect"
import { emulator, onEmulator } from "../../harness.ts"
import { folderWith } from "../files.ts"

const dataset = (...args: ReadonlyArray<string>) => onEmulator(["dataset", ...args])
const query = (sql: string) => onEmulator(["sql", "query", sql, "--quiet"])
const make = (name: string) =>
  query(
    `create table ${name} (name text, depth int); insert into ${name} values ('Kiel', 10); select CDB_CartodbfyTable('public', '${name}')`
  )
const ids = /[0-9a-f-]{36}/g

it.layer(emulator.layer, emulator.options)("carto dataset", (it) => {
  it.effect("create waits for all sources, and prints all datasets", () =>
    Effect.gen(function* () {
      const folder = yield* folderWith({ "harbours.csv": "name,depth\nKiel,10\n", "piers.csv": "name\nNorth\n" })
      const files = [join(folder, "harbours.csv"), join(folder, "piers.csv")]
      const { code, stderr, stdout } = yield* dataset("create", ...files, "--privacy", "link", "--json", "name,privacy")
      assert.strictEqual(code, 0)
      const made: ReadonlyArray<{ readonly name: string; readonly privacy: string }> = JSON.parse(stdout)
      assert.deepStrictEqual(
        made.toSorted((a, b) => a.name.localeCompare(b.name)),
        [
          { name: "harbours", privacy: "LINK" },
          { name: "piers", privacy: "LINK" }
        ]
      )
      assert.match(stderr, /harbours\.csv complete \(/)
    })
  )

  it.effect("create tells what failed, and prints the others", () =>
    Effect.gen(function* () {
      const folder = yield* folderWith({ "good_one.csv": "name\nKiel\n", "bad.csv": "" })
      const both = [join(folder, "good_one.csv"), join(folder, "bad.csv")]
      const { code, stderr, stdout } = yield* dataset("create", ...both, "--jq", ".[].name")
      assert.deepStrictEqual([code, stdout], [1, "good_one\n"])
      assert.match(stderr, /bad\.csv error: /)
      assert.match(stderr, /^error: 1 of 2 sources made no dataset\.$/m)
      assert.strictEqual((yield* dataset("create")).code, 2)
      assert.strictEqual((yield* dataset("create", join(folder, "none.csv"))).code, 1)
      const refreshed = yield* dataset("create", join(folder, "good_one.csv"), "--interval", "1h")
      assert.deepStrictEqual([refreshed.code, refreshed.stdout], [2, ""])
      assert.include(refreshed.stderr, "queries and copies cannot be kept in step")
      const [url, often] = ["http://127.0.0.1:1/a.csv", ["--interval", "1h"]]
      assert.strictEqual((yield* dataset("create", url, ...often, "--collision", "skip")).code, 2)
      assert.strictEqual((yield* onEmulator(["dataset", "create", url], { env: { CARTO_API_KEY: "wrong" } })).code, 4)
    })
  )

  it.effect("list, get and describe tell of datasets, by stable names", () =>
    Effect.gen(function* () {
      yield* make("quays")
      const listed = yield* dataset("list", "--search", "quays", "--jq", ".[] | [.name, .privacy, .owner]")
      assert.deepStrictEqual(JSON.parse(listed.stdout), ["quays", "PRIVATE", "alice"])
      const got = JSON.parse((yield* dataset("get", "quays")).stdout)
      assert.include(Object.keys(got), "shared_with")
      assert.strictEqual(got.name, "quays")
      const described = JSON.parse((yield* dataset("describe", "quays", "--count")).stdout)
      assert.deepStrictEqual(
        [described.rows, described.kind, described.columns.map(({ name }: { readonly name: string }) => name)],
        [1, "table", ["cartodb_id", "the_geom", "the_geom_webmercator", "name", "depth"]]
      )
      const page = yield* onEmulator(["dataset", "describe", "quays"], { terminal: 80 })
      assert.match(page.stdout, /table public\.quays/)
      assert.match(page.stdout, /^ {2}name +text$/m)
      assert.match(page.stdout, /^ {2}quays_pkey +primary key +btree \(cartodb_id\)$/m)
    })
  )

  it.effect("describe tells keys that may not read the catalogs the columns", () =>
    Effect.gen(function* () {
      yield* make("open_quays")
      yield* dataset("privacy", "open_quays", "public")
      const env = { CARTO_API_KEY: "default_public" }
      const told = yield* onEmulator(["dataset", "describe", "open_quays"], { env })
      assert.deepStrictEqual([told.code, told.stderr.startsWith("The key may not read the catalogs")], [0, true])
      const { columns, indexes, name } = JSON.parse(told.stdout)
      assert.deepStrictEqual([name, indexes], ["open_quays", null])
      assert.deepStrictEqual(columns.slice(0, 2), [
        { name: "cartodb_id", type: "int8" },
        { name: "the_geom", type: "geometry" }
      ])
      const page = yield* onEmulator(["dataset", "describe", "open_quays"], { env, terminal: 80 })
      assert.match(page.stdout, /^cartodb_id +int8$/m)
      yield* dataset("privacy", "open_quays", "private")
      const closed = yield* onEmulator(["dataset", "describe", "open_quays"], { env })
      assert.strictEqual(closed.code, 4)
      const missing = yield* onEmulator(["dataset", "describe", "no_quays"], { env })
      assert.match(missing.stderr, /error: The relation "no_quays" does not exist\./)
    })
  )

  it.effect("update changes what is given, an empty text clears, and nothing is a mistake", () =>
    Effect.gen(function* () {
      yield* make("locks")
      const updated = yield* dataset("update", "locks", "--description", "Locks", "--tags", "water, ships")
      assert.strictEqual(updated.stderr.replace(ids, "ID"), "changed dataset locks (ID)\n")
      const told = yield* dataset("update", "locks", "--description", "", "--json", "description,tags")
      assert.deepStrictEqual(JSON.parse(told.stdout), { description: null, tags: ["water", "ships"] })
      yield* make("weirs")
      const renamed = yield* dataset("update", "locks", "--name", "weirs")
      assert.strictEqual(
        renamed.stderr.replace(ids, "ID"),
        'changed dataset weirs_1 (ID); the server made this name of "weirs"\n'
      )
      yield* dataset("update", "weirs_1", "--name", "locks")
      const nothing = yield* dataset("update", "locks")
      assert.strictEqual(nothing.code, 2)
      assert.match(nothing.stderr, /^error: There is nothing to change\./)
    })
  )

  it.effect("privacy tells what the server made of it, and --dry-run changes nothing", () =>
    Effect.gen(function* () {
      yield* make("buoys")
      const dry = yield* dataset("privacy", "buoys", "public", "--dry-run")
      assert.deepStrictEqual([dry.code, dry.stderr.startsWith("would PUT ")], [0, true])
      const changed = yield* dataset("privacy", "buoys", "link")
      assert.strictEqual(changed.stderr.replace(ids, "ID"), "dataset buoys is link (ID)\n")
      assert.strictEqual((yield* dataset("get", "buoys", "--jq", ".privacy")).stdout, "LINK\n")
      assert.strictEqual((yield* dataset("privacy", "buoys", "secret")).code, 2)
    })
  )

  it.effect("delete names the maps that would be lost, and needs --force for them", () =>
    Effect.gen(function* () {
      yield* make("cranes")
      yield* onEmulator(["api", "POST", "/api/v1/viz", "-F", 'tables=["cranes"]', "-F", "name=All cranes"])
      const refused = yield* dataset("delete", "cranes", "--yes")
      assert.strictEqual(refused.code, 1)
      assert.match(refused.stderr, /would be deleted: {2}All cranes \([0-9a-f-]{36}\)\n/)
      const deleted = yield* dataset("delete", "cranes", "--force", "--yes", "--json", "name,deleted_maps")
      assert.match(deleted.stderr, /^deleted dataset cranes \([0-9a-f-]{36}\) with 1 map\n$/)
      assert.strictEqual(JSON.parse(deleted.stdout).deleted_maps[0].name, "All cranes")
      const gone = yield* dataset("delete", "cranes", "--yes")
      assert.deepStrictEqual([gone.code, gone.stdout], [1, ""])
      assert.match(gone.stderr, /^error: Not found: /)
    })
  )

  it.effect("copy, merge and ddl make another one", () =>
    Effect.gen(function* () {
      yield* make("docks")
      const copied = yield* dataset("copy", "docks", "docks_copy")
      assert.strictEqual(copied.stderr.replace(ids, "ID"), "copied docks to dataset docks_copy (ID)\n")
      const folder = yield* folderWith({ "more.csv": "the_geom,name,depth\n,Oslo,24\n" })
      const merged = yield* dataset("merge", "all_docks", "docks", "docks_copy", join(folder, "more.csv"))
      assert.strictEqual(merged.stderr.replace(ids, "ID"), "merged 3 sources into dataset all_docks (ID)\n")
      const { stdout } = yield* query("select count(*)::int as n from all_docks")
      assert.deepStrictEqual(JSON.parse(stdout), [{ n: 3 }])
      const ddl = yield* dataset("ddl", "docks")
      assert.match(ddl.stdout, /^CREATE SEQUENCE .*\nCREATE TABLE docks \(/)
    })
  )

  it.effect("cartodbfy makes a dataset of a table that SQL made, and tells its page", () =>
    Effect.gen(function* () {
      yield* query("create table ferries as select 'Frederikshavn'::text as name")
      assert.strictEqual((yield* dataset("get", "ferries")).code, 1)
      const made = yield* dataset("cartodbfy", "ferries")
      assert.strictEqual(made.code, 0)
      assert.match(made.stderr, /^ferries is a dataset \(http:.*\/tables\/ferries\)\n$/)
      assert.strictEqual((yield* dataset("get", "ferries", "--jq", ".name")).stdout, "ferries\n")
      const missing = yield* dataset("cartodbfy", "nowhere")
      assert.strictEqual(missing.code, 1)
      assert.match(missing.stderr, /^error: The relation "?"nowhere"?" does not exist\.\nhint: carto table list/)
    })
  )

  it.effect("what is not there is named, whatever was to be done with it", () =>
    Effect.gen(function* () {
      for (const args of [
        ["get"],
        ["describe"],
        ["ddl"],
        ["delete", "--yes"],
        ["open"],
        ["update"],
        ["privacy"],
        ["copy"]
      ]) {
        const more = { update: ["--tags", "a"], privacy: ["link"], copy: ["other"] }[args[0] ?? ""] ?? []
        const { code, stderr, stdout } = yield* dataset(...args, "nowhere", ...more)
        assert.deepStrictEqual([code, stdout], [1, ""], args[0])
        assert.strictEqual(
          stderr,
          "error: Not found: nowhere, at least not for this key.\nhint: carto dataset list shows those that there are.\n"
        )
      }
    })
  )

  it.effect("open prints the page's address where there is no terminal", () =>
    Effect.gen(function* () {
      yield* make("jetties")
      const { code, stdout } = yield* dataset("open", "jetties")
      assert.strictEqual(code, 0)
      assert.match(stdout, /^http:\/\/127\.0\.0\.1:\d+\/user\/alice\/tables\/jetties\n$/)
      assert.strictEqual(
        (yield* onEmulator(["dataset", "open", "jetties", "--no-open"], { terminal: 80 })).stdout,
        stdout
      )
    })
  )

  it.effect("names with quotes, dots and slashes are meant to the letter", () =>
    Effect.gen(function* () {
      yield* query(`create table "a.b/c ""d" (name text); select CDB_CartodbfyTable('public', '"a.b/c ""d"')`)
      const written = '"a.b/c ""d"'
      const got = yield* dataset("get", written, "--jq", ".name")
      assert.strictEqual(got.stdout, 'a.b/c "d\n')
      assert.strictEqual(JSON.parse((yield* dataset("describe", written)).stdout).name, 'a.b/c "d')
      assert.strictEqual((yield* dataset("delete", written, "--yes")).code, 0)
    })
  )

  it.effect("no key and a wrong key are told as such, and end with 4", () =>
    Effect.gen(function* () {
      const { url } = yield* Emulator
      for (const args of [["list"], ["get", "quays"], ["export-all", "never"]]) {
        const wrong = yield* onEmulator(["dataset", ...args], {
          env: { CARTO_API_URL: url, CARTO_API_KEY: "unheard-of" }
        })
        assert.deepStrictEqual([wrong.code, wrong.stdout], [4, ""], args.join(" "))
        assert.notInclude(wrong.stderr, "unheard-of")
      }
    })
  )
})
