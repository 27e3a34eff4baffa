/** `carto sql job watch`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../../lazily.ts"
import { id, onInterrupt } from "./flags.ts"

export const watch = () =>
  Command.make(
    "watch",
    { id, onInterrupt },
    lazily(() => import("./watch.run.ts"))
  ).pipe(
    Command.withDescription(
      "Print each new state of a job as one line of JSON, until the job is over; how it went is no failure"
    ),
    Command.withShortDescription("Print the states of a job"),
    Command.withExamples([{ command: "carto sql job watch 88f6717d-0656-4e8f-b67c-c56c1f400eef" }])
  )
