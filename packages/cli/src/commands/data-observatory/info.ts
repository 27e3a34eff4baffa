/** `carto data-observatory info`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { id } from "./flags.ts"

export const info = () =>
  Command.make(
    "info",
    { id },
    lazily(() => import("./info.run.ts"))
  ).pipe(
    Command.withDescription("Print the sizes of data, whether subscribed to or not"),
    Command.withShortDescription("Print the sizes of data"),
    Command.withExamples([{ command: "carto data-observatory info carto-do-public-data.usa_acs.demographics" }])
  )
