/** `carto dataset list`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { formatFlag } from "../../formatFlag.ts"
import { lazily } from "../../lazily.ts"
import { listFlags } from "../../listFlags.ts"

export const list = () =>
  Command.make(
    "list",
    {
      ...listFlags,
      privacy: Flag.Literals("privacy", ["public", "link", "private"]).pipe(
        Flag.withDescription("Only those with this privacy"),
        Flag.optional
      ),
      orderBy: Flag.Literals("order-by", ["name", "updated_at", "size", "estimated_row_count", "privacy"]).pipe(
        Flag.withDescription("Default: what was changed last comes first"),
        Flag.optional
      ),
      format: formatFlag
    },
    lazily(() => import("./list.run.ts"))
  ).pipe(
    Command.withDescription("List datasets; without a key the public ones. carto table list tells how large they are"),
    Command.withShortDescription("List datasets"),
    Command.withExamples([
      { command: "carto dataset list --search harbour --order-by name" },
      { command: "carto dataset list --privacy public --json name,url" }
    ])
  )
