/**
 * Bundles the program into dist/: one file to start, the rest in pieces that commands load when they run.
 *
 * Whatever the start needs is one piece, because each file costs a resolution. The first pass finds out what that is.
 */
import { chmod, readdir, rm, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { Effect } from "effect"
import { type Plugin, type RolldownOptions, rolldown } from "rolldown"
import { version } from "../src/version.ts"
import { manual } from "./man.ts"

/** undici is CommonJS and breaks when its pieces are split; jq is WebAssembly; the emulator brings a whole PostgreSQL. */
const isExternal = (id: string): boolean => /^(undici|jq-wasm|@napi-rs\/keyring|@effect-carto\/emulator)(\/|$)/.test(id)

/** What redacts a key must be what reads it: the emulator's own copy of effect, not the bundle's. */
const isForEmulator = (id: string, importer: string | undefined): boolean =>
  id.startsWith("effect/") && /commands\/emulator\/\w+\.run\.ts$/.test(importer ?? "")

const eager = `const graphemeSegmenter = /*#__PURE__*/new Intl.Segmenter(undefined, {
  granularity: "grapheme"
});`
const lazy = `let segmenter;
const graphemeSegmenter = {
  segment: (text) =>
    /^[ -~]*$/.test(text)
      ? Array.from(text, (segment) => ({ segment }))
      : (segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" })).segment(text)
};`

/** effect's CLI loads the system's tables of graphemes, ten milliseconds, before it measures a text that is ASCII. */
const lazySegmenter: Plugin = {
  name: "lazy-segmenter",
  transform: {
    filter: { id: /effect[/\\]dist[/\\]cli[/\\]CliOutput\.js$/ },
    handler: (code) => {
      if (!code.includes(eager)) throw new Error("effect/cli/CliOutput changed: is the segmenter still made eagerly?")
      return code.replace(eager, lazy)
    }
  }
}

const folder = join(import.meta.dirname, "..")
const dist = join(folder, "dist")

const options: RolldownOptions = {
  input: { bin: join(folder, "src/bin.ts") },
  platform: "node",
  resolve: { conditionNames: ["@effect-carto/source", "node", "import", "default"] },
  external: (id, importer) => isExternal(id) || isForEmulator(id, importer),
  plugins: [lazySegmenter],
  preserveEntrySignatures: false
}

/** The modules in the pieces that `bin.ts` loads for every command, but not those that it is made of itself. */
const startModules = async (): Promise<ReadonlySet<string>> => {
  const { output } = await (await rolldown(options)).generate({ format: "esm" })
  const chunks = new Map(output.flatMap((file) => (file.type === "chunk" ? [[file.fileName, file] as const] : [])))
  const reachable = (names: ReadonlyArray<string>, reached = new Set<string>()): ReadonlySet<string> => {
    for (const name of names.filter((name) => !reached.has(name))) {
      reachable(chunks.get(name)?.imports ?? [], reached.add(name))
    }
    return reached
  }
  const modulesOf = (names: ReadonlySet<string>) => [...names].flatMap((name) => chunks.get(name)?.moduleIds ?? [])
  const own = reachable(["bin.js"])
  const loaded = reachable(chunks.get("bin.js")?.dynamicImports ?? [])
  return new Set(modulesOf(loaded)).difference(new Set(modulesOf(own)))
}

const start = await startModules()

await rm(dist, { recursive: true, force: true })
await (await rolldown(options)).write({
  dir: dist,
  format: "esm",
  minify: true,
  entryFileNames: "[name].js",
  chunkFileNames: "[name]-[hash].js",
  codeSplitting: {
    includeDependenciesRecursively: false,
    groups: [{ name: "start", test: (id) => start.has(id) }]
  }
})
await chmod(join(dist, "bin.js"), 0o755)
await writeFile(join(dist, "carto.1"), await Effect.runPromise(manual(version)))

const names = await readdir(dist)
const sizeOf = async (isCounted: (name: string) => boolean): Promise<string> => {
  const sizes = await Promise.all(names.filter(isCounted).map(async (name) => (await stat(join(dist, name))).size))
  return `${Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1000)} kB`
}
console.log(
  `carto ${version}: ${await sizeOf(() => true)} in ${names.length} files, ${await sizeOf((name) => name.startsWith("start-"))} of them for every start`
)
