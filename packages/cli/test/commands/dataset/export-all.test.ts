import { createHash } from "node:crypto"
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { assert, it } from "@effect/vitest"
import { Emulator, Fault, PgliteDatabase } from "@effect-carto/emulator"
import { Effect, Layer } from "effect"
import { emulator, home, onEmulator } from "../../harness.ts"

const query = (sql: string) => onEmulator(["sql", "query", sql, "--quiet"])
const exportAll = (folder: string, ...args: ReadonlyArray<string>) =>
  onEmulator(["dataset", "export-all", folder, ...args])
const plain = (text: string) => text.replace(/[\d.]+ k?B, [\d.]+ m?s\)/g, "T)")

const manifestOf = (folder: string) => JSON.parse(readFileSync(join(folder, "manifest.json"), "utf8"))
const statuses = (stdout: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    JSON.parse(stdout).map(({ name, status }: { readonly name: string; readonly status: string }) => [name, status])
  )

const setUp = query(`
  drop table if exists ports, "Ports";
  create table ports (name text, depth float8);
  insert into ports values ('Kiel', 0.1), (E'line\\nbreak', null);
  select CDB_CartodbfyTable('public', 'ports');
  create table "Ports" (name text);
  insert into "Ports" values ('other');
  select CDB_CartodbfyTable('public', '"Ports"');
  create table if not exists raw as select 1 as a`)

const layer = Layer.suspend(() =>
  Emulator.layer({ organization: { name: "harbours" } }).pipe(Layer.provide(PgliteDatabase.layer()))
)

it.layer(layer, emulator.options)("carto dataset export-all", (it) => {
  it.effect("writes every dataset with rows, bytes and checksums, each name into a file of its own", () =>
    Effect.gen(function* () {
      yield* setUp
      const folder = join(yield* home, "new", "backup")
      const { code, stderr, stdout } = yield* exportAll(folder)
      assert.deepStrictEqual([code, stdout], [0, ""])
      assert.match(plain(stderr), /^wrote ports\.csv\.gz \(2 rows, T\)$/m)
      assert.strictEqual(
        plain(stderr).trimEnd().split("\n").at(-1),
        `exported 2 of 2 datasets to ${folder}: 2 written, 0 unchanged (3 rows, T)`
      )
      const manifest = manifestOf(folder)
      assert.deepStrictEqual(
        manifest.entries.map(({ name, rows, sql }: Readonly<Record<string, unknown>>) => [name, rows, sql]),
        [
          ["Ports", 1, manifest.entries[0].sql],
          ["ports", 2, "ports.sql"]
        ]
      )
      const files = new Set<string>()
      for (const entry of manifest.entries) {
        const bytes = readFileSync(join(folder, entry.file))
        assert.strictEqual(bytes.length, entry.bytes)
        assert.strictEqual(createHash("sha256").update(bytes).digest("hex"), entry.sha256)
        files.add(entry.file.toLowerCase())
      }
      assert.strictEqual(files.size, 2)
      assert.strictEqual(readdirSync(folder).length, 5)
    })
  )

  it.effect("what it writes makes the table again, to the letter", () =>
    Effect.gen(function* () {
      yield* setUp
      const folder = join(yield* home, "again")
      yield* exportAll(folder, "--no-gzip")
      const before = (yield* query("select cartodb_id, name, depth from ports order by 1")).stdout
      yield* query("drop table ports")
      const made = yield* query(readFileSync(join(folder, "ports.sql"), "utf8"))
      assert.strictEqual(made.code, 0)
      yield* onEmulator(["sql", "copy", "from", "ports", join(folder, "ports.csv")])
      assert.strictEqual((yield* query("select cartodb_id, name, depth from ports order by 1")).stdout, before)
    })
  )

  it.effect("run again, it reads only what is changed, missing, or damaged", () =>
    Effect.gen(function* () {
      yield* setUp
      const folder = join(yield* home, "resumed")
      const run = (...args: ReadonlyArray<string>) =>
        Effect.map(exportAll(folder, "--json", "name,status", ...args), ({ stdout }) => statuses(stdout))
      assert.deepStrictEqual(yield* run(), { ports: "written", Ports: "written" })
      assert.deepStrictEqual(yield* run(), { ports: "unchanged", Ports: "unchanged" })
      yield* query("update ports set depth = 2 where name = 'Kiel'")
      assert.deepStrictEqual(yield* run(), { ports: "written", Ports: "unchanged" })
      const file = join(folder, "ports.csv.gz")
      assert.include(gunzipSync(readFileSync(file)).toString(), "Kiel,2")
      const bytes = readFileSync(file)
      writeFileSync(file, bytes.subarray(1))
      assert.deepStrictEqual(yield* run(), { ports: "written", Ports: "unchanged" })
      const same = Buffer.from(bytes)
      same[20] = (same[20] ?? 0) ^ 1
      writeFileSync(file, same)
      assert.deepStrictEqual(yield* run("--verify"), { ports: "written", Ports: "unchanged" })
      yield* onEmulator(["dataset", "privacy", "ports", "public"])
      assert.deepStrictEqual(yield* run(), { ports: "unchanged", Ports: "unchanged" })
      assert.strictEqual(
        manifestOf(folder).entries.find(({ name }: { readonly name: string }) => name === "ports").privacy,
        "PUBLIC"
      )
    })
  )

  it.effect("tells who each dataset is shared with and what keys may do with it, and no token", () =>
    Effect.gen(function* () {
      yield* setUp
      const key = ["api-key", "create", "reader", "--table", "ports:select,insert", "--jq", ".token"]
      const token = (yield* onEmulator(key)).stdout.trim()
      assert.isNotEmpty(token)
      yield* onEmulator(["dataset", "share", "ports", "--organization", "harbours"])
      const folder = join(yield* home, "grants")
      assert.strictEqual((yield* exportAll(folder)).code, 0)
      const [other, ports] = manifestOf(folder).entries
      assert.deepStrictEqual([other.shared_with, other.api_keys], [[], []])
      assert.deepStrictEqual(ports.api_keys, [{ name: "reader", permissions: ["insert", "select"] }])
      const [shared] = ports.shared_with
      assert.deepStrictEqual([shared.type, shared.name, shared.access], ["org", "harbours", "r"])
      assert.notInclude(readFileSync(join(folder, "manifest.json"), "utf8"), token)

      // What is revoked is told by the next run, which reads no row for it.
      yield* onEmulator(["dataset", "share", "ports", "--organization", "harbours", "--revoke"])
      yield* onEmulator(["api-key", "delete", "reader", "--yes"])
      const again = yield* exportAll(folder, "--json", "name,status")
      assert.deepStrictEqual(statuses(again.stdout), { ports: "unchanged", Ports: "unchanged" })
      const [, after] = manifestOf(folder).entries
      assert.deepStrictEqual([after.shared_with, after.api_keys], [[], []])
    })
  )

  it.effect("--tables writes those too that are no datasets", () =>
    Effect.gen(function* () {
      yield* setUp
      const folder = join(yield* home, "tables")
      const { stdout } = yield* exportAll(folder, "--tables", "--no-gzip", "--json", "name,file,rows")
      assert.deepInclude(JSON.parse(stdout), { name: "raw", file: "raw.csv", rows: 1 })
      assert.strictEqual(readFileSync(join(folder, "raw.csv"), "utf8"), "a\n1\n")
    })
  )

  it.effect("one that fails ends no other, is listed, and is made good by the next run", () =>
    Effect.gen(function* () {
      yield* setUp
      const { faults } = yield* Emulator
      const folder = join(yield* home, "failed")
      yield* faults.inject(Fault.Cut({ afterBytes: 10 }), { path: "copyto", times: 1 })
      const failed = yield* exportAll(folder, "--concurrency", "1", "--retries", "0")
      yield* faults.clear
      assert.strictEqual(failed.code, 1)
      assert.match(failed.stderr, /^error: 1 of 2 datasets were not exported:\n {2}Ports: .+\nhint: Run it again/m)
      assert.deepStrictEqual(
        manifestOf(folder).entries.map(({ name }: { readonly name: string }) => name),
        ["ports"]
      )
      assert.isFalse(readdirSync(folder).some((name) => name.startsWith("Ports") && name.endsWith(".gz")))
      const again = yield* exportAll(folder, "--json", "name,status")
      assert.deepStrictEqual(statuses(again.stdout), { Ports: "written", ports: "unchanged" })
    })
  )

  it.effect("a dataset that is dropped meanwhile is a failure of its own", () =>
    Effect.gen(function* () {
      yield* setUp
      const { faults } = yield* Emulator
      const folder = join(yield* home, "dropped")
      yield* faults.inject(Fault.Respond({ status: 400, body: '{"error":["relation \\"ports\\" does not exist"]}' }), {
        path: "copyto",
        times: 1
      })
      const { code, stderr } = yield* exportAll(folder, "--concurrency", "1")
      yield* faults.clear
      assert.strictEqual(code, 1)
      assert.match(stderr, /^failed Ports: relation "ports" does not exist$/m)
      assert.match(stderr, /^wrote ports\.csv\.gz/m)
    })
  )

  it.effect("folders of others, of other accounts and damaged ones are not touched", () =>
    Effect.gen(function* () {
      yield* setUp
      const base = yield* home
      const folder = (name: string, file: string, text: string) => {
        mkdirSync(join(base, name))
        writeFileSync(join(base, name, file), text)
        return join(base, name)
      }
      const other = JSON.stringify({
        format: "carto-export",
        version: 1,
        kind: "datasets",
        account: "https://bob.carto.com",
        entries: []
      })
      const cases: ReadonlyArray<readonly [string, number, string]> = [
        [folder("full", "thesis.txt", "mine"), 2, "holds other files"],
        [folder("bob", "manifest.json", other), 2, "is an export of https://bob.carto.com, not of "],
        [
          folder("maps", "manifest.json", other.replace("datasets", "visualizations")),
          2,
          "is an export of visualizations"
        ],
        [folder("damaged", "manifest.json", other.slice(1)), 1, "or a damaged one"],
        [join(folder("file", "thesis.txt", "mine"), "thesis.txt"), 2, "is no folder"]
      ]
      for (const [path, code, message] of cases) {
        const refused = yield* exportAll(path)
        assert.deepStrictEqual([refused.code, refused.stdout], [code, ""], message)
        assert.include(refused.stderr, message)
      }
      assert.deepStrictEqual(readdirSync(join(base, "full")), ["thesis.txt"])
    })
  )

  it.effect("--dry-run writes nothing", () =>
    Effect.gen(function* () {
      yield* setUp
      const folder = join(yield* home, "dry")
      const { code, stderr } = yield* exportAll(folder, "--dry-run")
      assert.deepStrictEqual([code, stderr], [0, `would write 2 datasets into ${folder}\nNothing was changed.\n`])
      assert.isFalse(existsSync(folder))
    })
  )

  it.effect("a file that cannot be written is a failure of its own", () =>
    Effect.gen(function* () {
      yield* setUp
      const folder = join(yield* home, "blocked")
      yield* exportAll(folder)
      mkdirSync(join(folder, "ports.csv"))
      const { code, stderr } = yield* exportAll(folder, "--no-gzip")
      assert.strictEqual(code, 1)
      assert.match(stderr, /^failed ports: cannot write .*ports\.csv/im)
      assert.match(stderr, /^wrote Ports-[0-9a-f]+\.csv /m)
      const deep = yield* exportAll(join(folder, "manifest.json", "deeper"))
      assert.deepStrictEqual([deep.code, deep.stdout], [1, ""])
      assert.match(deep.stderr, /^error: Cannot /)
    })
  )
})
