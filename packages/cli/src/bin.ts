#!/usr/bin/env node
/** The program. Everything is loaded behind the compile cache, which saves a tenth of the start-up. */
import * as Module from "node:module"
import { isSupported, oldestNode } from "./oldestNode.ts"
import { version } from "./version.ts"

// An older Node has no such function, and would say so before anything else could.
Module.enableCompileCache?.()

// Who asks only for the version waits for nothing else of the program.
const [only, ...rest] = process.argv.slice(2)
if ((only === "--version" || only === "-v") && rest.length === 0) {
  // A reader that is gone has seen enough.
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? 0 : 1))
  process.stdout.write(`carto ${version}\n`)
} else if (isSupported(process.versions.node)) {
  ;(await import("./main.ts")).start()
} else {
  process.stderr.write(
    `error: carto needs Node.js ${oldestNode} or newer, and this is ${process.versions.node}\nhint: Install a newer Node.js from https://nodejs.org, or choose it with your version manager.\n`
  )
  process.exitCode = 1
}
