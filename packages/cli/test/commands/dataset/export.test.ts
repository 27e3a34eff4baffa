import { existsSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { gunzipSync } from "node:zlib"
import { assert, it } from "@effect/vitest"
import { Emulator, Fault } from "@effect-carto/emulator"
import { Effect } from "effect"
import { emulator, home, onEmulator } from "../../harness.ts"

const exported = (...args: ReadonlyArray<string>) => onEmulator(["dataset", "export", ...args])
const setUp = onEmulator([
  "sql",
  "query",
  `create table if not exists "Dots.and ""quotes""" as
    select 0.1::float8 + 0.2::float8 as x, null::text as nothing, '' as empty, E'a\\nb' as lines, ST_Point(1, 2, 4326) as the_geom`,
  "--quiet"
])
const name = '"Dots.and ""quotes"""'
const plain = (text: string) => text.replace(/[\d.]+ m?s\)/, "T)")

it.layer(emulator.layer, emulator.options)("carto dataset export", (it) => {
  it.effect("csv is exact: every digit, nulls beside empty texts, geometry as it is stored", () =>
    Effect.gen(function* () {
      yield* setUp
      const { code, stderr, stdout } = yield* exported(name, "-o", "-")
      assert.strictEqual(code, 0)
      assert.strictEqual(
        stdout,
        'x,nothing,empty,lines,the_geom\n0.30000000000000004,,"","a\nb",0101000020E6100000000000000000F03F0000000000000040\n'
      )
      assert.strictEqual(plain(stderr), `wrote ${name} to standard output (1 row, 112 B, T)\n`)
    })
  )

  it.effect("a name of another format is refused, unless --format is given", () =>
    Effect.gen(function* () {
      yield* setUp
      const file = join(yield* home, "dots.xlsx")
      const refused = yield* exported(name, "-o", file)
      assert.strictEqual(refused.code, 2)
      assert.match(
        refused.stderr,
        /^error: No format here has the extension \.xlsx\.\nhint: There are \.csv, \.geojson, /
      )
      assert.isFalse(existsSync(file))
      assert.strictEqual((yield* exported(name, "-o", file, "--format", "csv")).code, 0)
    })
  )

  it.effect("the name of the file says the format", () =>
    Effect.gen(function* () {
      yield* setUp
      const folder = yield* home
      const file = (extension: string) => join(folder, `dots.${extension}`)
      assert.strictEqual((yield* exported(name, "-o", file("csv.gz"))).code, 0)
      assert.match(gunzipSync(readFileSync(file("csv.gz"))).toString(), /^x,nothing/)
      const told = yield* exported(name, "-o", file("geojson"), "--json", "format,rows")
      assert.deepStrictEqual(JSON.parse(told.stdout), { format: "geojson", rows: null })
      assert.strictEqual(JSON.parse(readFileSync(file("geojson"), "utf8")).features.length, 1)
      assert.strictEqual((yield* exported(name, "-o", file("json"))).code, 2)
      assert.strictEqual((yield* exported(name, "-o", file("kml.gz"))).code, 2)
      assert.strictEqual(
        (yield* onEmulator(["dataset", "export", name, "-f", "shp", "-o", "-"], { terminal: 80 })).code,
        2
      )
    })
  )

  it.effect("a file that is there stays, unless --force says otherwise", () =>
    Effect.gen(function* () {
      yield* setUp
      const file = join(yield* home, "mine.csv")
      writeFileSync(file, "mine")
      const refused = yield* exported(name, "-o", file)
      assert.strictEqual(refused.code, 2)
      assert.strictEqual(readFileSync(file, "utf8"), "mine")
      assert.strictEqual((yield* exported(name, "-o", file, "--force")).code, 0)
      assert.match(readFileSync(file, "utf8"), /^x,/)
    })
  )

  it.effect("--dry-run writes no file", () =>
    Effect.gen(function* () {
      yield* setUp
      const file = join(yield* home, "dry.csv")
      const { code, stderr } = yield* exported(name, "-o", file, "--dry-run")
      assert.deepStrictEqual([code, stderr], [0, `would write ${name} to ${file}\nNothing was changed.\n`])
      assert.isFalse(existsSync(file))
    })
  )

  it.effect("failures leave no file", () =>
    Effect.gen(function* () {
      yield* setUp
      const file = join(yield* home, "half.csv")
      const { faults } = yield* Emulator
      yield* faults.inject(Fault.Cut({ afterBytes: 20 }), { path: "copyto", times: 9 })
      const cut = yield* exported(name, "-o", file, "--retries", "0")
      yield* faults.clear
      assert.strictEqual(cut.code, 1)
      const unknown = yield* exported("nobody.nothing", "-o", file)
      assert.deepStrictEqual([unknown.code, unknown.stdout], [1, ""])
      assert.strictEqual((yield* exported("a.b.c", "-o", file)).code, 2)
      assert.strictEqual((yield* exported(name, "-o", join(file, "no", "folder.csv"))).code, 1)
      assert.isFalse(existsSync(file))
    })
  )
})
