/** `carto synchronization delete`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { idOrName } from "./flags.ts"

export const deleteCommand = () =>
  Command.make(
    "delete",
    { idOrName },
    lazily(() => import("./delete.run.ts"))
  ).pipe(
    Command.withDescription("Stop refreshing a dataset; the dataset stays"),
    Command.withExamples([{ command: "carto synchronization delete stations" }])
  )
