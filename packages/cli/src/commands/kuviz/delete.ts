/** `carto kuviz delete`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { idOrName } from "./flags.ts"

export const deleteCommand = Command.make(
  "delete",
  { idOrName },
  lazily(() => import("./delete.run.ts"))
).pipe(
  Command.withDescription("Delete a page"),
  Command.withExamples([{ command: "carto kuviz delete 'Annual report'" }])
)
