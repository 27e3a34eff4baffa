/** Documents cannot lie: every snippet is type-checked and run against the emulator, and prints what stands below it. */
import { spawn, spawnSync } from "node:child_process"
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, relative, resolve } from "node:path"
import { assert, it } from "@effect/vitest"
import { Sql } from "@effect-carto/core"
import { Emulator } from "@effect-carto/emulator"
import { NodeCarto } from "@effect-carto/node"
import { Effect, Layer, Redacted } from "effect"

const root = resolve(import.meta.dirname, "..")
/** Inside the repository, so that packages resolve; git ignores it. */
const folder = join(root, ".docs")

interface Snippet {
  readonly name: string
  readonly language: "ts" | "sh"
  readonly code: string
  readonly prints: string | undefined
}

const documents = [
  "README.md",
  ...readdirSync(join(root, "docs")).map((file) => `docs/${file}`),
  ...readdirSync(join(root, "packages")).map((name) => `packages/${name}/README.md`)
].filter((file) => file.endsWith(".md"))

const fence = /^```(\w+)([^\n]*)\n(.*?)^```$/gms

const snippets: ReadonlyArray<Snippet> = documents.flatMap((file) => {
  const blocks = [...readFileSync(join(root, file), "utf8").matchAll(fence)].map((match) => ({
    language: match[1] ?? "",
    info: match[2] ?? "",
    code: match[3] ?? ""
  }))
  return blocks.flatMap(({ code, info, language }, i) => {
    const next = blocks[i + 1]
    return (language === "ts" || language === "sh") && !info.includes("no-run")
      ? [{ name: `${file} #${i + 1}`, language, code, prints: next?.language === "text" ? next.code : undefined }]
      : []
  })
})

const pathOf = (snippet: Snippet) => join(folder, `${snippet.name.replace(/[^\w]+/g, "-")}.ts`)
const node = process.execPath
const source = "--conditions=@effect-carto/source"

/** The `carto` command from source, as a shell function; npm would change this repository. */
const shell = (code: string) =>
  `npm() { echo "mark it no-run" >&2; false; }\ncarto() { "${node}" ${source} "${join(root, "packages/cli/src/bin.ts")}" "$@"; }\n${code}`

const run = (snippet: Snippet, env: Readonly<Record<string, string>>) =>
  Effect.callback<{ readonly code: number | null; readonly stdout: string; readonly stderr: string }>((resume) => {
    const [command, args]: readonly [string, ReadonlyArray<string>] =
      snippet.language === "ts" ? [node, [source, pathOf(snippet)]] : ["bash", ["-euc", shell(snippet.code)]]
    const child = spawn(command, args, { cwd: folder, env: { ...process.env, ...env } })
    let stdout = ""
    let stderr = ""
    child.stdout.on("data", (data) => (stdout += String(data)))
    child.stderr.on("data", (data) => (stderr += String(data)))
    child.on("close", (code) => resume(Effect.succeed({ code, stdout, stderr })))
    return Effect.sync(() => child.kill())
  })

const carto = Layer.unwrap(
  Effect.map(Emulator, ({ masterKey, url }) => NodeCarto.layer({ url, apiKey: masterKey }))
).pipe(Layer.provideMerge(Emulator.layerTest))

const prepared = Layer.effectDiscard(
  Effect.gen(function* () {
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    for (const snippet of snippets) if (snippet.language === "ts") writeFileSync(pathOf(snippet), snippet.code)
    const sql = yield* Sql
    yield* sql.execute`create table cities (name text, population int8, the_geom geometry(Point, 4326))`
    yield* sql.execute`insert into cities values
      ('Tokyo', 37393000, ST_SetSRID(ST_MakePoint(139.69, 35.69), 4326)),
      ('Delhi', 30291000, ST_SetSRID(ST_MakePoint(77.22, 28.67), 4326)),
      ('Lima', 10719000, ST_SetSRID(ST_MakePoint(-77.03, -12.04), 4326)),
      ('Reykjavik', 139875, ST_SetSRID(ST_MakePoint(-21.90, 64.15), 4326))`
  })
).pipe(Layer.provideMerge(carto))

it.layer(prepared, { timeout: "120 seconds", excludeTestServices: true })("documents", (it) => {
  it.effect(
    "have snippets that type-check",
    () =>
      Effect.sync(() => {
        const config = join(folder, "tsconfig.json")
        writeFileSync(
          config,
          JSON.stringify({
            extends: relative(folder, join(root, "tsconfig.base.json")),
            compilerOptions: {
              composite: false,
              declarationMap: false,
              noEmit: true,
              rewriteRelativeImportExtensions: false
            },
            // The packages' sources are read, and with them what they declare of packages without types.
            include: ["*.ts", "../packages/*/src/**/*.d.ts"]
          })
        )
        const { status, stdout } = spawnSync(node, [join(root, "node_modules/typescript/bin/tsc"), "-p", config], {
          encoding: "utf8"
        })
        assert.strictEqual(status, 0, stdout)
      }),
    60_000
  )

  for (const snippet of snippets) {
    it.effect(
      `${snippet.name} runs`,
      () =>
        Effect.gen(function* () {
          const { masterKey, url } = yield* Emulator
          const { code, stderr, stdout } = yield* run(snippet, {
            CARTO_API_URL: url,
            CARTO_API_KEY: Redacted.value(masterKey),
            XDG_CONFIG_HOME: folder,
            XDG_STATE_HOME: folder
          })
          assert.strictEqual(code, 0, `${stdout}\n${stderr}`)
          if (snippet.prints !== undefined) {
            assert.strictEqual(stdout.replaceAll("\r\n", "\n").trim(), snippet.prints.trim())
          } else assert.isNotEmpty(stdout + stderr)
        }),
      60_000
    )
  }
})
