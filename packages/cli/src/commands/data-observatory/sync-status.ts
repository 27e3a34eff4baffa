/** `carto data-observatory sync-status`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { id } from "./flags.ts"

export const syncStatus = () =>
  Command.make(
    "sync-status",
    { id },
    lazily(() => import("./sync-status.run.ts"))
  ).pipe(
    Command.withDescription("Print whether the data is in a table of the account, and in which"),
    Command.withShortDescription("Print whether the data is in the account"),
    Command.withExamples([
      { command: "carto data-observatory sync-status carto-do-public-data.usa_acs.demographics --jq .sync_status" }
    ])
  )
