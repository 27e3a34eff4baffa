/** `carto kuviz delete`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { yes } from "../../yesFlag.ts"
import { idOrName } from "./flags.ts"

export const deleteCommand = () =>
  Command.make(
    "delete",
    { idOrName, yes },
    lazily(() => import("./delete.run.ts"))
  ).pipe(
    Command.withDescription("Delete a page for good"),
    Command.withExamples([{ command: "carto kuviz delete 'Annual report' --yes" }])
  )
