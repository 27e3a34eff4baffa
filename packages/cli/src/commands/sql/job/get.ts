/** `carto sql job get`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../../lazily.ts"
import { id } from "./flags.ts"

export const get = () =>
  Command.make(
    "get",
    { id },
    lazily(() => import("./get.run.ts"))
  ).pipe(
    Command.withDescription("Print a job as JSON; the server forgets one two hours after its end"),
    Command.withShortDescription("Print a job"),
    Command.withExamples([{ command: "carto sql job get 88f6717d-0656-4e8f-b67c-c56c1f400eef" }])
  )
