import { mkdtempSync, readdirSync, readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Emulator, Fault } from "@effect-carto/emulator"
import { Effect } from "effect"
import { emulator, home, onEmulator } from "../../harness.ts"

const maps = (...args: ReadonlyArray<string>) => onEmulator(["visualization", ...args])
const ids = /[0-9a-f-]{36}/g
const query = (sql: string) => onEmulator(["sql", "query", sql, "--quiet"])
const make = (name: string) =>
  Effect.andThen(
    query("create table if not exists lanes (name text); select CDB_CartodbfyTable('public', 'lanes')"),
    onEmulator(["api", "POST", "/api/v1/viz", "-F", 'tables=["lanes"]', "-F", `name=${name}`])
  )

it.layer(emulator.layer, emulator.options)("carto visualization", (it) => {
  it.effect("list, get and update maps, by stable names", () =>
    Effect.gen(function* () {
      yield* make("Bike lanes")
      const listed = yield* maps("list", "--jq", ".[].name")
      assert.strictEqual(listed.stdout, "Bike lanes\n")
      const got = JSON.parse((yield* maps("get", "Bike lanes")).stdout)
      assert.deepStrictEqual([got.name, got.type, got.datasets], ["Bike lanes", "derived", ["lanes"]])
      const updated = yield* maps("update", "Bike lanes", "--description", "All of them", "--privacy", "link")
      assert.strictEqual(updated.stderr.replace(ids, "ID"), "changed map Bike lanes, which is link (ID)\n")
      const { faults } = yield* Emulator
      const headers = { "content-type": "application/json" }
      yield* faults.inject(Fault.Respond({ status: 200, headers, body: '{"version":"3.0.0"}' }), {
        path: /api\/v3\/viz\//
      })
      const definition = yield* maps("get", "Bike lanes", "--definition", "--json", "version")
      assert.deepStrictEqual(JSON.parse(definition.stdout), { version: "3.0.0" })
      assert.strictEqual((yield* maps("update", "Bike lanes")).code, 2)
    })
  )

  it.effect("a password comes from standard input, with its privacy", () =>
    Effect.gen(function* () {
      yield* make("Secret lanes")
      const update = ["visualization", "update", "Secret lanes", "--privacy", "password"]
      assert.strictEqual((yield* onEmulator(update)).code, 2)
      const { code, stderr } = yield* onEmulator([...update, "--password-stdin", "--verbose"], {
        stdin: "open sesame\n"
      })
      assert.strictEqual(code, 0)
      assert.notInclude(stderr, "sesame")
      assert.include(stderr, "which is password")
      const dry = yield* onEmulator([...update, "--password-stdin", "--dry-run"], { stdin: "open sesame\n" })
      assert.notInclude(dry.stderr, "sesame")
    })
  )

  it.effect("delete needs one map, and leaves its datasets", () =>
    Effect.gen(function* () {
      yield* make("Old lanes")
      const { code, stderr } = yield* maps("delete", "Old lanes", "--yes")
      assert.deepStrictEqual([code, stderr.replace(ids, "ID")], [0, "deleted map Old lanes (ID)\n"])
      const gone = yield* maps("delete", "Old lanes", "--yes")
      assert.deepStrictEqual([gone.code, gone.stdout], [1, ""])
      assert.strictEqual((yield* onEmulator(["dataset", "get", "lanes"])).code, 0)
    })
  )

  it.effect("export-all writes every map, goes on where it ended, and lists what failed", () =>
    Effect.gen(function* () {
      yield* make("A/B")
      const folder = mkdtempSync(join(yield* home, "maps-"))
      const { exports } = yield* Emulator
      yield* exports.failNext()
      const failed = yield* maps("export-all", folder, "--concurrency", "1")
      assert.strictEqual(failed.code, 1)
      assert.match(failed.stderr, /^error: 1 of \d visualizations were not exported:\n {2}A\/B: /m)
      const again = yield* maps("export-all", folder, "--json", "name,status,file")
      assert.strictEqual(again.code, 0)
      const outcomes = JSON.parse(again.stdout)
      assert.deepStrictEqual(
        outcomes
          .filter(({ status }: { readonly status: string }) => status === "written")
          .map(({ name }: { readonly name: string }) => name),
        ["A/B"]
      )
      for (const { file } of outcomes) {
        assert.strictEqual(readFileSync(join(folder, file)).subarray(0, 2).toString(), "PK")
      }
      assert.strictEqual(readdirSync(folder).length, outcomes.length + 1)
      yield* query("insert into lanes (name) values ('new')")
      const changed = yield* maps("export-all", folder, "--jq", "map(.status) | unique | .[]")
      assert.strictEqual(changed.stdout, "written\n")
    })
  )
})
