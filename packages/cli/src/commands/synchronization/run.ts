/** `carto synchronization run`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"
import { idOrName } from "./flags.ts"

export const runCommand = () =>
  Command.make(
    "run",
    {
      idOrName,
      wait: Flag.Boolean("wait").pipe(Flag.withDescription("Wait until the run is over"), Flag.withDefault(true))
    },
    lazily(() => import("./run.run.ts"))
  ).pipe(
    Command.withDescription("Refresh a dataset now; fails when the server does not take the run, or the run fails"),
    Command.withShortDescription("Refresh a dataset now"),
    Command.withExamples([{ command: "carto synchronization run stations" }])
  )
