/** Runs the command on this process: all that a start needs, in one piece. */
import * as NodeRuntime from "@effect/platform-node/NodeRuntime"
import { main } from "./carto.ts"
import { exitCode } from "./exitCode.ts"

export const start = (): void => {
  // A terminal that is closed ends the program as SIGTERM does, and not in the middle of a file.
  process.on("SIGHUP", () => process.emit("SIGTERM", "SIGTERM"))
  NodeRuntime.runMain(main, {
    disableErrorReporting: true,
    teardown: (exit, onExit) => onExit(exitCode(exit))
  })
}
