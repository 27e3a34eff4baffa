/** `carto data-observatory unsync`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { id } from "./flags.ts"

export const unsync = () =>
  Command.make(
    "unsync",
    { id },
    lazily(() => import("./unsync.run.ts"))
  ).pipe(
    Command.withDescription("End the copying of data into the account; what becomes of the table the server decides"),
    Command.withShortDescription("End the copying of data"),
    Command.withExamples([{ command: "carto data-observatory unsync carto-do-public-data.usa_acs.demographics" }])
  )
