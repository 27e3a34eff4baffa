/** `carto visualization delete`. */
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
    Command.withDescription("Delete a map for good; its datasets stay. carto visualization export keeps a copy"),
    Command.withShortDescription("Delete a map; its datasets stay"),
    Command.withExamples([{ command: "carto visualization delete 'Bike lanes' --yes" }])
  )
