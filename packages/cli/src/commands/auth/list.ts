/** `carto auth list`: the saved profiles. */
import * as Command from "effect/cli/Command"
import { formatFlag } from "../../formatFlag.ts"
import { lazily } from "../../lazily.ts"

export const list = () =>
  Command.make(
    "list",
    { format: formatFlag },
    lazily(() => import("./list.run.ts"))
  ).pipe(
    Command.withDescription("List the saved profiles; their keys are never shown"),
    Command.withShortDescription("List the saved profiles"),
    Command.withExamples([{ command: "carto auth list --format json" }])
  )
