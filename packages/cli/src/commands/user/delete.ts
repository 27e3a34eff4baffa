/** `carto user delete`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"
import { yes } from "../../yesFlag.ts"
import { organization, username } from "./flags.ts"

export const deleteCommand = () =>
  Command.make(
    "delete",
    {
      username,
      organization,
      force: Flag.Boolean("force").pipe(
        Flag.withDescription("Also a user who shares datasets or maps with others"),
        Flag.withDefault(false)
      ),
      yes
    },
    lazily(() => import("./delete.run.ts"))
  ).pipe(
    Command.withDescription("Delete a member of the organization with all datasets and maps; for its administrators"),
    Command.withShortDescription("Delete a member of the organization"),
    Command.withExamples([{ command: "carto user delete ada --yes" }])
  )
