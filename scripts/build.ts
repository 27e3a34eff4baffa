/** Compiles the packages to JavaScript with declarations, and bundles the command. */
import { spawnSync } from "node:child_process"
import { rmSync } from "node:fs"
import { join, resolve } from "node:path"

const root = resolve(import.meta.dirname, "..")

const run = (...args: ReadonlyArray<string>) => {
  const { status } = spawnSync(process.execPath, args, { cwd: root, stdio: "inherit" })
  if (status !== 0) process.exit(status ?? 1)
}

// What was deleted from the sources must not be shipped.
for (const name of ["core", "node", "emulator", "cli"]) {
  rmSync(join(root, "packages", name, "dist"), { recursive: true, force: true })
}
run("node_modules/typescript/bin/tsc", "-b", "packages/core", "packages/node", "packages/emulator")
run("--conditions=@effect-carto/source", "packages/cli/scripts/build.ts")
