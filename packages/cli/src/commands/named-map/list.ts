/** `carto named-map list`. */
import * as Command from "effect/cli/Command"
import { formatFlag } from "../../formatFlag.ts"
import { lazily } from "../../lazily.ts"

export const list = () =>
  Command.make(
    "list",
    { format: formatFlag },
    lazily(() => import("./list.run.ts"))
  ).pipe(
    Command.withDescription("List the names of all named maps, those of CARTO's Builder (tpl_…) too"),
    Command.withShortDescription("List the names of all named maps"),
    Command.withExamples([{ command: "carto named-map list --format csv" }])
  )
