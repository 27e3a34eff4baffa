/** `carto data-observatory terms`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { id, type } from "./flags.ts"

export const terms = () =>
  Command.make(
    "terms",
    { id, type },
    lazily(() => import("./terms.run.ts"))
  ).pipe(
    Command.withDescription("Print price, delivery and licenses of data, before one subscribes"),
    Command.withShortDescription("Print the terms of a subscription"),
    Command.withExamples([{ command: "carto data-observatory terms carto-do-public-data.usa_acs.demographics" }])
  )
