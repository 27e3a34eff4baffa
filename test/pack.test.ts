/** What is published works for who installs it: pack, install into an empty folder, import, run. */
import { execFileSync } from "node:child_process"
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { afterAll, assert, beforeAll, describe, it } from "@effect/vitest"

const root = resolve(import.meta.dirname, "..")
const names = ["core", "node", "emulator", "cli"]

const npm = (args: ReadonlyArray<string>, cwd: string) =>
  execFileSync("npm", [...args], { cwd, encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] })

const node = (code: string, cwd: string) => {
  const file = join(cwd, "program.mjs")
  writeFileSync(file, code)
  return execFileSync(process.execPath, [file], { cwd, encoding: "utf8" }).trim()
}

describe("the packed packages", () => {
  let folder = ""

  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), "carto-pack-"))
    execFileSync(process.execPath, ["scripts/build.ts"], { cwd: root, stdio: "pipe" })
    for (const name of names) npm(["pack", "--pack-destination", folder], join(root, "packages", name))
    const tarballs = readdirSync(folder).filter((file) => file.endsWith(".tgz"))
    assert.strictEqual(tarballs.length, names.length)
    writeFileSync(join(folder, "package.json"), JSON.stringify({ name: "user", private: true, type: "module" }))
    npm(["install", "--prefer-offline", "--no-audit", "--no-fund", ...tarballs.map((file) => `./${file}`)], folder)
  }, 300_000)

  afterAll(() => rmSync(folder, { recursive: true, force: true }))

  for (const name of ["core", "node", "emulator"]) {
    it(`@effect-carto/${name} imports from its tarball`, () => {
      const printed = node(
        `import * as all from "@effect-carto/${name}"; console.log(Object.keys(all).length > 3)`,
        folder
      )
      assert.strictEqual(printed, "true")
    })
  }

  it("hides what is internal", () => {
    assert.throws(() => node(`import "@effect-carto/core/internal/send"`, folder), /ERR_PACKAGE_PATH_NOT_EXPORTED/)
  })

  it("core offers each module by its file's name", () => {
    assert.strictEqual(node(`import { Sql } from "@effect-carto/core/Sql"; console.log(Sql.key)`, folder), "carto/Sql")
  })

  it("a program runs on the packed library and the packed emulator", () => {
    const printed = node(
      `import { Sql } from "@effect-carto/core"
       import { Emulator } from "@effect-carto/emulator"
       import { NodeCarto } from "@effect-carto/node"
       import { Effect, Layer } from "effect"
       const carto = Layer.unwrap(
         Effect.map(Emulator, ({ masterKey, url }) => NodeCarto.layer({ url, apiKey: masterKey }))
       ).pipe(Layer.provide(Emulator.layerTest))
       const program = Effect.gen(function* () {
         const sql = yield* Sql
         console.log(JSON.stringify((yield* sql.query()\`select \${1} + 1 as two, postgis_lib_version() is not null as gis\`).rows))
       })
       await Effect.runPromise(Effect.provide(program, carto))`,
      folder
    )
    assert.strictEqual(printed, '[{"two":2,"gis":true}]')
  }, 120_000)

  it("the carto command runs", () => {
    const printed = execFileSync(process.execPath, [join(folder, "node_modules/.bin/carto"), "--version"], {
      encoding: "utf8"
    })
    assert.match(printed, /0\.1\.0/)
  })
})
