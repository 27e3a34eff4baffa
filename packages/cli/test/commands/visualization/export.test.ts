import { readFileSync } from "node:fs"
import { join } from "node:path"
import { assert, it } from "@effect/vitest"
import { Emulator } from "@effect-carto/emulator"
import { Effect } from "effect"
import { emulator, onEmulator } from "../../harness.ts"
import { folderWith } from "../files.ts"

const exported = (...args: ReadonlyArray<string>) => onEmulator(["visualization", "export", ...args])
const plain = (text: string) => text.replace(/\([^()]*\d m?s\)/g, "(T)")

it.layer(emulator.layer, emulator.options)("carto visualization export", (it) => {
  it.effect("writes the map with this name into a file", () =>
    Effect.gen(function* () {
      const folder = yield* folderWith({ "lanes.csv": "name,lat,lon\nA,1,2\n" })
      yield* onEmulator(["import", "create", join(folder, "lanes.csv"), "--create-map"])
      const file = join(folder, "lanes.carto")
      const { code, stderr, stdout } = yield* exported("lanes map", "--output", file, "--json", "file,bytes,map")
      assert.strictEqual(code, 0)
      const bytes = readFileSync(file)
      assert.strictEqual(bytes.subarray(0, 4).toString("latin1"), "PK\u0003\u0004")
      assert.deepStrictEqual(JSON.parse(stdout), { file, bytes: bytes.length, map: "lanes map" })
      assert.strictEqual(plain(stderr).trimEnd().split("\n").at(-1), `wrote map lanes map to ${file} (T)`)
    })
  )

  it.effect("writes what import create makes a map and its datasets of again", () =>
    Effect.gen(function* () {
      const folder = yield* folderWith({ "parks.csv": "name,lat,lon\nRetiro,40,-3\nTuria,39,0\n" })
      yield* onEmulator(["import", "create", join(folder, "parks.csv"), "--create-map"])
      const file = join(folder, "parks.carto")
      assert.strictEqual((yield* exported("parks map", "--output", file)).code, 0)
      assert.strictEqual((yield* onEmulator(["visualization", "delete", "parks map", "--yes"])).code, 0)
      assert.strictEqual((yield* onEmulator(["dataset", "delete", "parks", "--force", "--yes"])).code, 0)

      const imported = yield* onEmulator(["import", "create", file])
      assert.strictEqual(imported.code, 0, imported.stderr)
      const map = JSON.parse((yield* onEmulator(["visualization", "get", "parks map"])).stdout)
      assert.deepStrictEqual([map.type, map.datasets], ["derived", ["parks"]])
      const rows = yield* onEmulator(["sql", "query", "select name from parks order by name", "--jq", ".[].name"])
      assert.strictEqual(rows.stdout, "Retiro\nTuria\n")
    })
  )

  it.effect("- is standard output, and --quiet says nothing else", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* exported("lanes map", "-o", "-", "--quiet")
      assert.deepStrictEqual([code, stderr, stdout.slice(0, 2)], [0, "", "PK"])
    })
  )

  it.effect("--dry-run, unknown maps and failed exports write nothing", () =>
    Effect.gen(function* () {
      const folder = yield* folderWith({})
      const file = join(folder, "none.carto")
      const dry = yield* exported("lanes map", "-o", file, "--dry-run")
      assert.strictEqual(dry.code, 0)
      assert.match(dry.stderr, /^would .*visualization_exports/)
      const unknown = yield* exported("nope", "-o", file)
      assert.strictEqual(unknown.code, 1)
      assert.match(unknown.stderr, /^error: Not found: /)
      const { exports } = yield* Emulator
      yield* exports.failNext()
      const failed = yield* exported("lanes map", "-o", file, "--quiet")
      assert.strictEqual(failed.code, 1)
      assert.match(failed.stderr, /^error: .*\nhint: /)
      assert.throws(() => readFileSync(file))
    })
  )
})
