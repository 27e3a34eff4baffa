/** How the program is bundled, and which of its modules are loaded together. */
import { join } from "node:path"
import { type OutputChunk, type RolldownOptions, rolldown } from "rolldown"
import { lazyBuiltins } from "./lazyBuiltins.ts"
import { lazySegmenter } from "./lazySegmenter.ts"

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
  plugins: [lazySegmenter, lazyBuiltins],
  preserveEntrySignatures: false
}

const core = join(src, "../../core/src")

/** What is always loaded together is one piece, because each file costs a resolution; each stands on those before it. */
const entries = [
  ["start", [join(src, "main.ts")]],
  ["accounts", [join(src, "accounts.ts")]],
  ["output", [join(src, "Output.ts"), join(src, "Records.ts")]],
  ["session", [join(src, "session.ts")]],
  ["sql", [join(core, "Sql.ts")]]
] as const

/** Groups of commands, of which a start loads the one that is called. */
const isGroup = (module: string | null): boolean => /[/\\]cli[/\\]src[/\\]commands[/\\][\w-]+\.ts$/.test(module ?? "")

export type Piece = (typeof entries)[number][0] | "flags"

/** The modules of each piece. A first pass, in which the pieces are what they happen to be, finds out which they are. */
export const pieces = async (): Promise<ReadonlyMap<Piece, ReadonlySet<string>>> => {
  const { output } = await (await rolldown(options)).generate({ format: "esm" })
  const chunks = output.filter((file) => file.type === "chunk")
  const loadedWith = (isEntry: (chunk: OutputChunk) => boolean): ReadonlyArray<string> => {
    const reached = new Set(chunks.filter(isEntry))
    for (const { imports } of reached) {
      for (const chunk of chunks) if (imports.includes(chunk.fileName)) reached.add(chunk)
    }
    return [...reached].flatMap(({ moduleIds }) => moduleIds)
  }
  const taken = new Set(loadedWith(({ fileName }) => fileName === "bin.js"))
  const own = (modules: ReadonlyArray<string>): ReadonlySet<string> => {
    const found = new Set(modules.filter((module) => !taken.has(module)))
    for (const module of found) taken.add(module)
    return found
  }
  const found = entries.map(([name, paths]): readonly [Piece, ReadonlySet<string>] => [
    name,
    own(loadedWith(({ moduleIds }) => paths.some((path) => moduleIds.includes(path))))
  ])
  const groups = chunks.filter(({ facadeModuleId }) => isGroup(facadeModuleId))
  const ofGroups = groups.flatMap((group) => loadedWith((chunk) => chunk === group))
  const shared = ofGroups.filter((module, i) => ofGroups.indexOf(module) !== i)
  return new Map([...found, ["flags", own(shared)]])
}
