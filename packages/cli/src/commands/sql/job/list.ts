/** `carto sql job list`. */
import * as Command from "effect/cli/Command"
import { formatFlag } from "../../../formatFlag.ts"
import { lazily } from "../../../lazily.ts"

export const list = () =>
  Command.make(
    "list",
    { format: formatFlag },
    lazily(() => import("./list.run.ts"))
  ).pipe(
    Command.withDescription(
      "List the jobs that were created on this machine, with the state that was seen last; the server has no list"
    ),
    Command.withShortDescription("List the jobs of this machine"),
    Command.withExamples([{ command: "carto sql job list --format json" }])
  )
