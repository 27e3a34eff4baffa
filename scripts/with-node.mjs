/**
 * Runs a program on the Node that this repository brings along, whatever Node the host has: `node with-node.mjs FILE …`.
 * It does not rely on npm's link to it: some versions of npm leave that out when other platforms' packages have one too.
 */
import { spawnSync } from "node:child_process"
import { existsSync } from "node:fs"
import { delimiter, dirname, join, resolve } from "node:path"

const modules = resolve(import.meta.dirname ?? dirname(new URL(import.meta.url).pathname), "../node_modules")
const platform = `${process.platform === "win32" ? "win" : process.platform}-${process.arch}`
const brought = [`node-${platform}`, `node-bin-${platform}`]
  .map((name) => join(modules, name, "bin", process.platform === "win32" ? "node.exe" : "node"))
  .find((path) => existsSync(path))

const node = brought ?? process.execPath
const { error, signal, status } = spawnSync(node, process.argv.slice(2), {
  stdio: "inherit",
  env: { ...process.env, PATH: `${dirname(node)}${delimiter}${process.env.PATH ?? ""}` }
})
if (error !== undefined) throw error
if (signal !== null) process.kill(process.pid, signal)
process.exitCode = status ?? 1
