/** `carto user list`. */
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
        Flag.withDescription("Part of a user name, or a whole e-mail address"),
        Flag.optional
      ),
      order: Flag.Literals("order", ["username", "updated_at"]).pipe(
        Flag.withDescription("Default: username"),
        Flag.optional
      ),
      organization: Flag.String("organization").pipe(
        Flag.withMetavar("NAME"),
        Flag.withDescription("List as its administrator, with more of each; the key must be an administrator's"),
        Flag.optional
      ),
      format: formatFlag
    },
    lazily(() => import("./list.run.ts"))
  ).pipe(
    Command.withDescription("List the members of the organization; their keys are never shown"),
    Command.withShortDescription("List the members of the organization"),
    Command.withExamples([
      { command: "carto user list --search ada" },
      { command: "carto user list --organization acme --format csv" }
    ])
  )
