/** `carto table list`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { formatFlag } from "../../formatFlag.ts"
import { lazily } from "../../lazily.ts"

export const list = () =>
  Command.make(
    "list",
    {
      orderBy: Flag.Literals("order-by", ["size", "name", "rows"]).pipe(
        Flag.withDescription("Default: the largest first"),
        Flag.withDefault("size")
      ),
      cartodbfied: Flag.Boolean("cartodbfied").pipe(
        Flag.withDescription("Only those that can be datasets; --no-cartodbfied: only the others"),
        Flag.optional
      ),
      format: formatFlag
    },
    lazily(() => import("./list.run.ts"))
  ).pipe(
    Command.withDescription(
      "List tables with their sizes, as bars on a terminal: also those that SQL made and the dashboard does not show. Sizes are with indexes, rows are the database's estimate"
    ),
    Command.withShortDescription("List tables with their sizes"),
    Command.withExamples([
      { command: "carto table list" },
      {
        command: "carto table list --no-cartodbfied --json name,size",
        description: "What the dashboard does not show"
      },
      { command: "carto table list --jq 'map(.size) | add'", description: "Bytes in all" }
    ])
  )
