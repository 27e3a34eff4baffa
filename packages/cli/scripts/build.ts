/** Bundles the program into dist/: one small file to start, the rest in pieces that commands load when they run. */
import { chmod, rm } from "node:fs/promises"
import { join } from "node:path"
import { build } from "rolldown"

/** undici is CommonJS and breaks when its pieces are split; the emulator brings a whole PostgreSQL. */
const isExternal = (id: string): boolean => /^(undici|@effect-carto\/emulator)(\/|$)/.test(id)

/** What redacts a key must be what reads it: the emulator's own copy of effect, not the bundle's. */
const isForEmulator = (id: string, importer: string | undefined): boolean =>
  id.startsWith("effect/") && /commands\/emulator\/\w+\.run\.ts$/.test(importer ?? "")

const folder = join(import.meta.dirname, "..")
const dist = join(folder, "dist")

await rm(dist, { recursive: true, force: true })
await build({
  input: { bin: join(folder, "src/bin.ts") },
  platform: "node",
  resolve: { conditionNames: ["@effect-carto/source", "node", "import", "default"] },
  external: (id, importer) => isExternal(id) || isForEmulator(id, importer),
  output: {
    dir: dist,
    format: "esm",
    minify: true,
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js"
  }
})
await chmod(join(dist, "bin.js"), 0o755)
