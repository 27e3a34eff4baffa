/** `carto data-observatory list`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { formatFlag } from "../../formatFlag.ts"
import { lazily } from "../../lazily.ts"

export const list = () =>
  Command.make(
    "list",
    {
      status: Flag.Literals("status", ["active", "requested"]).pipe(
        Flag.withDescription("Only those that run, or those that are ordered"),
        Flag.optional
      ),
      type: Flag.Literals("type", ["dataset", "geography"]).pipe(
        Flag.withDescription("Only datasets, or only geographies"),
        Flag.optional
      ),
      order: Flag.Literals("order", ["created_at", "id", "table", "dataset", "project", "type"]).pipe(
        Flag.withDescription("Default: created_at, the oldest first"),
        Flag.optional
      ),
      format: formatFlag
    },
    lazily(() => import("./list.run.ts"))
  ).pipe(
    Command.withDescription("List the account's subscriptions"),
    Command.withExamples([{ command: "carto data-observatory list --status active --json id,sync_table" }])
  )
