/** How the program is bundled, and which of its modules are loaded together. */
import { join } from "node:path"
import { type OutputChunk, type RolldownOptions, rolldown } from "rolldown"
import { lazyBuiltins } from "./lazyBuiltins.ts"
import { lighterEffect } from "./lighterEffect.ts"

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
  plugins: [lighterEffect, lazyBuiltins],
  preserveEntrySignatures: false
}

/** Groups of commands, of which a start loads the one that is called. */
const isGroup = (module: string | null): boolean => /[/\\]cli[/\\]src[/\\]commands[/\\][\w-]+\.ts$/.test(module ?? "")

/**
 * The modules of each piece, by its name. What is always loaded together is one, because each file costs a resolution;
 * each stands on those before it. A first pass, in which the pieces are what they happen to be, finds out what that is.
 */
export const pieces = async (): Promise<ReadonlyMap<string, ReadonlySet<string>>> => {
  const { output } = await (await rolldown(options)).generate({ format: "esm" })
  const chunks = output.filter((file) => file.type === "chunk")
  const loadedWith = (isEntry: (chunk: OutputChunk) => boolean): ReadonlyArray<string> => {
    const reached = new Set(chunks.filter(isEntry))
    for (const { imports } of reached) {
      for (const chunk of chunks) if (imports.includes(chunk.fileName)) reached.add(chunk)
    }
    return [...reached].flatMap(({ moduleIds }) => moduleIds)
  }
  const ofModules = (...paths: ReadonlyArray<string>) =>
    loadedWith(({ moduleIds }) => paths.some((path) => moduleIds.includes(join(src, path))))
  const ofServices = (...names: ReadonlyArray<string>) => ofModules(...names.map((name) => `../../core/src/${name}.ts`))
  const taken = new Set(loadedWith(({ fileName }) => fileName === "bin.js"))
  const own = (modules: ReadonlyArray<string>): ReadonlySet<string> => {
    const found = new Set(modules.filter((module) => !taken.has(module)))
    for (const module of found) taken.add(module)
    return found
  }
  const dynamic = chunks.filter((chunk) => chunk.isDynamicEntry).map((entry) => loadedWith((chunk) => chunk === entry))
  const loads = Map.groupBy(dynamic.flat(), (module) => module)
  // A few lines that many commands share: reading them with each is cheaper than a file for every one.
  const sharedBy = (share: number) =>
    chunks.flatMap(({ modules }) =>
      Object.entries(modules).flatMap(([module, { renderedLength }]) =>
        renderedLength < 4000 && (loads.get(module) ?? []).length > share * dynamic.length ? [module] : []
      )
    )
  const groups = chunks.filter(({ facadeModuleId }) => isGroup(facadeModuleId))
  const ofGroups = groups.flatMap((group) => loadedWith((chunk) => chunk === group))
  const ofSomeGroups = ofGroups.filter((module, i) => ofGroups.indexOf(module) !== i)
  return new Map([
    ["start", own(ofModules("main.ts"))],
    ["command", own([...ofModules("accounts.ts", "Output.ts", "Records.ts"), ...ofSomeGroups])],
    ["session", own([...ofModules("session.ts"), ...sharedBy(0.5)])],
    ["sql", own(ofServices("Sql"))],
    ["common", own(sharedBy(0.25))],
    ["bulk", own(ofServices("SqlCopy", "SqlJobs"))],
    [
      "imports",
      own([...ofServices("Imports", "Synchronizations"), ...ofModules("importSources.ts", "connectorFile.ts")])
    ],
    ["datasets", own(ofModules("datasetServices.ts"))]
  ])
}
