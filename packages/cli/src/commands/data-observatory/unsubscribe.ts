/** `carto data-observatory unsubscribe`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { id } from "./flags.ts"

export const unsubscribe = () =>
  Command.make(
    "unsubscribe",
    { id },
    lazily(() => import("./unsubscribe.run.ts"))
  ).pipe(
    Command.withDescription("End a subscription"),
    Command.withShortDescription("End a subscription"),
    Command.withExamples([{ command: "carto data-observatory unsubscribe carto-do-public-data.usa_acs.demographics" }])
  )
