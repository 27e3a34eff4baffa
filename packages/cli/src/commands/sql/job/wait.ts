/** `carto sql job wait`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../../lazily.ts"
import { id, onInterrupt } from "./flags.ts"

export const wait = () =>
  Command.make(
    "wait",
    { id, onInterrupt },
    lazily(() => import("./wait.run.ts"))
  ).pipe(
    Command.withDescription("Wait for a job, its states on standard error; fails unless the job is a success"),
    Command.withShortDescription("Wait for a job"),
    Command.withExamples([{ command: "carto sql job wait 88f6717d-0656-4e8f-b67c-c56c1f400eef" }])
  )
