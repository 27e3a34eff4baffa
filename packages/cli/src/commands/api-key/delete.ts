/** `carto api-key delete`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { yes } from "../../yesFlag.ts"
import { name, user } from "./flags.ts"

export const deleteCommand = () =>
  Command.make(
    "delete",
    { name, user, yes },
    lazily(() => import("./delete.run.ts"))
  ).pipe(
    Command.withDescription("Delete a key, at once for everybody who holds it; tables that it made stay"),
    Command.withShortDescription("Delete a key"),
    Command.withExamples([{ command: "carto api-key delete web --yes" }])
  )
