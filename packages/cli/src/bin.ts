#!/usr/bin/env node
/** The program. Everything is loaded behind the compile cache, which saves a tenth of the start-up. */
import { enableCompileCache } from "node:module"

enableCompileCache()

const [{ main }, { exitCode }, { runMain }] = await Promise.all([
  import("./carto.ts"),
  import("./exitCode.ts"),
  import("@effect/platform-node/NodeRuntime")
])

runMain(main, {
  disableErrorReporting: true,
  teardown: (exit, onExit) => onExit(exitCode(exit))
})
