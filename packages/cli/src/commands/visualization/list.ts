/** `carto visualization list`. */
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
      privacy: Flag.Literals("privacy", ["public", "link", "private", "password"]).pipe(
        Flag.withDescription("Only those with this privacy"),
        Flag.optional
      ),
      orderBy: Flag.Literals("order-by", ["name", "updated_at", "mapviews", "privacy"]).pipe(
        Flag.withDescription("Default: what was changed last comes first"),
        Flag.optional
      ),
      format: formatFlag
    },
    lazily(() => import("./list.run.ts"))
  ).pipe(
    Command.withDescription("List maps; without a key the public ones"),
    Command.withExamples([
      { command: "carto visualization list --search lanes" },
      { command: "carto visualization list --order-by mapviews --jq '.[0].url'", description: "What is looked at most" }
    ])
  )
