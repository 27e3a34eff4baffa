/** `carto kuviz list`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { formatFlag } from "../../formatFlag.ts"
import { lazily } from "../../lazily.ts"

export const list = () =>
  Command.make(
    "list",
    {
      search: Flag.String("search").pipe(
        Flag.withMetavar("TEXT"),
        Flag.withDescription("Only pages with this in their name"),
        Flag.optional
      ),
      privacy: Flag.Literals("privacy", ["public", "password"]).pipe(
        Flag.withDescription("Only pages that everybody sees, or those with a password"),
        Flag.optional
      ),
      order: Flag.Literals("order", ["name", "updated_at", "privacy"]).pipe(
        Flag.withDescription("Default: updated_at, the newest first"),
        Flag.optional
      ),
      format: formatFlag
    },
    lazily(() => import("./list.run.ts"))
  ).pipe(
    Command.withDescription("List the pages of the account"),
    Command.withExamples([{ command: "carto kuviz list --search report --json name,url" }])
  )
