/** How the program is bundled, and which of its modules every start loads. */
import { join } from "node:path"
import { type RolldownOptions, rolldown } from "rolldown"
import { lazySegmenter } from "./lazySegmenter.ts"
import { dispatchersOnly } from "./undici.ts"

const src = join(import.meta.dirname, "../src")

/** jq is WebAssembly, the keychain a library of the system's; the emulator brings a whole PostgreSQL. */
const isExternal = (id: string): boolean => /^(jq-wasm|@napi-rs\/keyring|@effect-carto\/emulator)(\/|$)/.test(id)

/** What redacts a key must be what reads it: the emulator's own copy of effect, not the bundle's. */
const isForEmulator = (id: string, importer: string | undefined): boolean =>
  id.startsWith("effect/") && /commands\/emulator\/\w+\.run\.ts$/.test(importer ?? "")

export const options: RolldownOptions = {
  input: { bin: join(src, "bin.ts") },
  platform: "node",
  resolve: { conditionNames: ["@effect-carto/source", "node", "import", "default"] },
  external: (id, importer) => isExternal(id) || isForEmulator(id, importer),
  plugins: [lazySegmenter, dispatchersOnly],
  preserveEntrySignatures: false
}

/** The modules in the pieces that `bin.ts` loads for every command, but not those that it is made of itself. */
export const startModules = async (): Promise<ReadonlySet<string>> => {
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
