/** `carto import list`. */
import * as Command from "effect/cli/Command"
import { formatFlag } from "../../formatFlag.ts"
import { lazily } from "../../lazily.ts"

export const list = () =>
  Command.make(
    "list",
    { format: formatFlag },
    lazily(() => import("./list.run.ts"))
  ).pipe(
    Command.withDescription("List the imports that are under way; the server has no list of those that are over"),
    Command.withShortDescription("List the imports that are under way"),
    Command.withExamples([{ command: "carto import list --json id,state" }])
  )
