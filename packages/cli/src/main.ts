/** Runs the command on this process: all that a start needs, in one piece. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { main } from "./carto.ts"
import { exitCode } from "./exitCode.ts"

export const start = (): void =>
  NodeRuntime.runMain(main, {
    disableErrorReporting: true,
    teardown: (exit, onExit) => onExit(exitCode(exit))
  })
