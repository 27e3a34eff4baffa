#!/usr/bin/env node
/** The program. Everything is loaded behind the compile cache, which saves a tenth of the start-up. */
import { enableCompileCache } from "node:module"
import { version } from "./version.ts"

enableCompileCache()

// Who asks only for the version waits for nothing else of the program.
const [only, ...rest] = process.argv.slice(2)
if ((only === "--version" || only === "-v") && rest.length === 0) {
  // A reader that is gone has seen enough.
  process.stdout.on("error", ({ code }: NodeJS.ErrnoException) => process.exit(code === "EPIPE" ? 0 : 1))
  process.stdout.write(`carto ${version}\n`)
} else (await import("./main.ts")).start()
