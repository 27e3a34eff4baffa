/** `carto dataset open`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"
import { idOrName } from "./flags.ts"

export const open = () =>
  Command.make(
    "open",
    {
      idOrName,
      open: Flag.Boolean("open").pipe(
        Flag.withDescription("--no-open only prints the address, as without a terminal"),
        Flag.withDefault(true)
      )
    },
    lazily(() => import("./open.run.ts"))
  ).pipe(
    Command.withDescription("Open the dataset's page in the dashboard"),
    Command.withExamples([{ command: "carto dataset open stations" }])
  )
