/** `carto data-observatory subscribe`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { yes } from "../../yesFlag.ts"
import { id, type } from "./flags.ts"

export const subscribe = () =>
  Command.make(
    "subscribe",
    { id, type, yes },
    lazily(() => import("./subscribe.run.ts"))
  ).pipe(
    Command.withDescription(
      "Subscribe to data, after its terms were shown: data that is not public is ordered, and costs"
    ),
    Command.withShortDescription("Subscribe to data, which may cost money"),
    Command.withExamples([
      { command: "carto data-observatory subscribe carto-do-public-data.usa_acs.demographics --yes" }
    ])
  )
