/** Bundles the program into dist/: one small file to start, the rest in pieces that commands load when they run. */
import { chmod, rm } from "node:fs/promises"
import { join } from "node:path"
import { build } from "rolldown"

const folder = join(import.meta.dirname, "..")
const dist = join(folder, "dist")

await rm(dist, { recursive: true, force: true })
await build({
  input: { bin: join(folder, "src/bin.ts") },
  platform: "node",
  resolve: { conditionNames: ["@effect-carto/source", "node", "import", "default"] },
  // undici is CommonJS and breaks when its pieces are split; the emulator brings a whole PostgreSQL.
  external: [/^undici(\/|$)/, /^@effect-carto\/emulator(\/|$)/],
  treeshake: true,
  output: {
    dir: dist,
    format: "esm",
    minify: true,
    entryFileNames: "[name].js",
    chunkFileNames: "[name]-[hash].js"
  }
})
await chmod(join(dist, "bin.js"), 0o755)
