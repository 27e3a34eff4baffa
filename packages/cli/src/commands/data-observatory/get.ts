/** `carto data-observatory get`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { id } from "./flags.ts"

export const get = () =>
  Command.make(
    "get",
    { id },
    lazily(() => import("./get.run.ts"))
  ).pipe(
    Command.withDescription("Print a subscription of the account; fails without one"),
    Command.withShortDescription("Print a subscription"),
    Command.withExamples([
      { command: "carto data-observatory get carto-do-public-data.usa_acs.demographics --jq .sync_status" }
    ])
  )
