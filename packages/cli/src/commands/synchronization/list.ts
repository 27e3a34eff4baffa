/** `carto synchronization list`. */
import * as Command from "effect/cli/Command"
import { formatFlag } from "../../formatFlag.ts"
import { lazily } from "../../lazily.ts"

export const list = () =>
  Command.make(
    "list",
    { format: formatFlag },
    lazily(() => import("./list.run.ts"))
  ).pipe(
    Command.withDescription("List all synchronizations of the account"),
    Command.withExamples([{ command: "carto synchronization list --json name,state,run_at" }])
  )
