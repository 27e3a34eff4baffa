/** `carto named-map delete`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { name } from "./flags.ts"

export const deleteCommand = () =>
  Command.make(
    "delete",
    { name },
    lazily(() => import("./delete.run.ts"))
  ).pipe(
    Command.withDescription("Delete a named map; maps that were instantiated of it live on until they are forgotten"),
    Command.withShortDescription("Delete a named map"),
    Command.withExamples([{ command: "carto named-map delete cities" }])
  )
