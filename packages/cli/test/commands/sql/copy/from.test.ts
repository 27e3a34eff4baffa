import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { gzipSync } from "node:zlib"
import { assert, it } from "@effect/vitest"
import { Effect } from "effect"
import { emulator, home, onEmulator } from "../../../harness.ts"

const csv = 'population,name\n3,Madrid\n4,"Sevilla, ES"\n'

const fileWith = (data: string | Uint8Array, name = "data.csv") =>
  Effect.map(home, (home) => {
    const file = join(home, name)
    writeFileSync(file, data)
    return file
  })

const table = (name: string) =>
  onEmulator(["-q", "sql", "query", `drop table if exists ${name}; create table ${name} (name text, population int)`])

const contentOf = (name: string) =>
  Effect.map(onEmulator(["-q", "sql", "copy", "to", name, "-"]), ({ stdout }) => stdout)

const plainLine = (text: string) => text.replace(/[\d.]+ m?s\)/, "T)")

it.layer(emulator.layer, emulator.options)("carto sql copy from", (it) => {
  it.effect("loads a file whose header says which columns come in which order", () =>
    Effect.gen(function* () {
      yield* table("by_header")
      const { code, stderr, stdout } = yield* onEmulator(["sql", "copy", "from", "by_header", yield* fileWith(csv)])
      assert.deepStrictEqual([code, stdout], [0, ""])
      assert.strictEqual(plainLine(stderr), "copied 2 rows into by_header (41 B, T)\n")
      assert.strictEqual(yield* contentOf("by_header"), 'name,population\nMadrid,3\n"Sevilla, ES",4\n')
    })
  )

  it.effect("loads standard input, gzip too", () =>
    Effect.gen(function* () {
      yield* table("from_stdin")
      const plain = yield* onEmulator(["sql", "copy", "from", "from_stdin", "-"], { stdin: csv })
      assert.strictEqual(plainLine(plain.stderr), "copied 2 rows into from_stdin (41 B, T)\n")
      const gzip = yield* onEmulator(["sql", "copy", "from", "from_stdin", "-"], { stdin: gzipSync(csv) })
      assert.match(gzip.stderr, /^copied 2 rows into from_stdin/)
      assert.strictEqual((yield* contentOf("from_stdin")).split("\n").length, 6)
    })
  )

  it.effect("loads a gzip file", () =>
    Effect.gen(function* () {
      yield* table("from_gzip")
      const file = yield* fileWith(gzipSync(csv), "data.csv.gz")
      assert.strictEqual((yield* onEmulator(["sql", "copy", "from", "from_gzip", file])).code, 0)
      assert.strictEqual(yield* contentOf("from_gzip"), 'name,population\nMadrid,3\n"Sevilla, ES",4\n')
    })
  )

  it.effect("takes columns, delimiter and NULL from flags", () =>
    Effect.gen(function* () {
      yield* table("by_flags")
      const args = ["--no-header", "--columns", "population, name", "--delimiter", ";", "--null", "?"]
      const { code } = yield* onEmulator(["sql", "copy", "from", "by_flags", "-", ...args], { stdin: "1;a\n?;b\n" })
      assert.strictEqual(code, 0)
      assert.strictEqual(yield* contentOf("by_flags"), "name,population\na,1\nb,\n")
    })
  )

  it.effect("stores nothing when a row is wrong", () =>
    Effect.gen(function* () {
      yield* table("atomic")
      const { code, stderr } = yield* onEmulator(["sql", "copy", "from", "atomic", "-"], {
        stdin: `${csv}many,Bilbao\n`
      })
      assert.strictEqual(code, 1)
      assert.match(stderr, /^error: The statement failed: invalid input syntax for .*integer: "many"/)
      assert.strictEqual(yield* contentOf("atomic"), "name,population\n")
    })
  )

  it.effect("fails before anything is sent for files that are not there, empty, or without a header", () =>
    Effect.gen(function* () {
      const run = (file: string) => onEmulator(["sql", "copy", "from", "nowhere", file])
      assert.deepStrictEqual(yield* run("/no/such.csv"), {
        code: 1,
        stdout: "",
        stderr: 'error: Cannot read "/no/such.csv": there is no such file or directory\nhint: Check the path.\n'
      })
      assert.include((yield* run(yield* fileWith(""))).stderr, "empty")
      const nameless = yield* run(yield* fileWith("a,,c\n1,2,3\n"))
      assert.include(nameless.stderr, "--columns")
    })
  )

  it.effect("names a missing table in the server's words", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* onEmulator(["sql", "copy", "from", "nope", "-"], { stdin: csv })
      assert.strictEqual(code, 1)
      assert.include(stderr, 'relation "nope" does not exist')
    })
  )

  it.effect("shows how far it is on a terminal, and takes the line away", () =>
    Effect.gen(function* () {
      yield* table("progress")
      const { stderr } = yield* onEmulator(["sql", "copy", "from", "progress", yield* fileWith(csv)], { terminal: 80 })
      const [before, line, after] = stderr.split("\r\x1b[2K")
      assert.strictEqual(before, "")
      assert.match(line ?? "", /^\[={20}\] {2}41 B of 41 B \(100%\)/)
      assert.match(after ?? "", /^copied 2 rows/)
    })
  )

  it.effect("cuts the progress to the terminal, as only one line of it can be erased", () =>
    Effect.gen(function* () {
      yield* table("narrow")
      const { stderr } = yield* onEmulator(["sql", "copy", "from", "narrow", yield* fileWith(csv)], { terminal: 12 })
      assert.match(stderr.split("\r\x1b[2K")[1] ?? "", /^41 B of 41…\r$/)
    })
  )

  it.effect("does not wait for data from a terminal", () =>
    Effect.gen(function* () {
      const { code, stderr } = yield* onEmulator(["sql", "copy", "from", "x", "-"], { terminal: 80 })
      assert.strictEqual(code, 2)
      assert.include(stderr, "Standard input is a terminal.")
    })
  )
})
