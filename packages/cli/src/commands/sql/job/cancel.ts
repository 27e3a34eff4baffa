/** `carto sql job cancel`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../../lazily.ts"
import { id } from "./flags.ts"

export const cancel = () =>
  Command.make(
    "cancel",
    { id },
    lazily(() => import("./cancel.run.ts"))
  ).pipe(
    Command.withDescription("Stop a job, also in the middle of a query; one that is over stays as it is"),
    Command.withShortDescription("Stop a job"),
    Command.withExamples([{ command: "carto sql job cancel 88f6717d-0656-4e8f-b67c-c56c1f400eef" }])
  )
