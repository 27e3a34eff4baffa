/** Bundles the program into dist/: one file to start, the rest in pieces that commands load when they run. */
import { chmod, readdir, rm, stat, writeFile } from "node:fs/promises"
import { join } from "node:path"
import { Effect } from "effect"
import { rolldown } from "rolldown"
import { version } from "../src/version.ts"
import { inAscii } from "./ascii.ts"
import { options, pieces } from "./bundle.ts"
import { compileEagerly } from "./eager.ts"
import { licenses } from "./licenses.ts"
import { manual } from "./man.ts"

const dist = join(import.meta.dirname, "../dist")

/** The earlier piece takes what two could have; the version is apart, as it is printed without any of them. */
const groups = [
  { name: "version", test: /src.version\.ts$/, priority: 3 },
  ...[...(await pieces())].map(([name, modules], i) => ({
    name,
    test: (id: string) => modules.has(id),
    priority: 2 - i / 100
  }))
]

await rm(dist, { recursive: true, force: true })
const { output } = await (await rolldown(options)).write({
  dir: dist,
  format: "esm",
  minify: true,
  entryFileNames: "[name].js",
  chunkFileNames: "[name]-[hash].js",
  codeSplitting: { groups }
})
await inAscii(dist)
await compileEagerly(dist)
await chmod(join(dist, "bin.js"), 0o755)
await writeFile(join(dist, "carto.1"), await Effect.runPromise(manual(version)))
const modules = output.flatMap((file) => (file.type === "chunk" ? file.moduleIds : []))
await writeFile(join(dist, "licenses.txt"), await licenses(modules))

const names = await readdir(dist)
const sizeOf = async (isCounted: (name: string) => boolean): Promise<string> => {
  const sizes = await Promise.all(names.filter(isCounted).map(async (name) => (await stat(join(dist, name))).size))
  return `${Math.round(sizes.reduce((sum, size) => sum + size, 0) / 1000)} kB`
}
console.log(
  `carto ${version}: ${await sizeOf(() => true)} in ${names.length} files, ${await sizeOf((name) => name.startsWith("start-"))} of them for every start`
)
