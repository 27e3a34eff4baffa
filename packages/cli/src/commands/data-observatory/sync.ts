/** `carto data-observatory sync`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { id } from "./flags.ts"

export const sync = () =>
  Command.make(
    "sync",
    { id },
    lazily(() => import("./sync.run.ts"))
  ).pipe(
    Command.withDescription(
      "Copy data of a subscription into a table of the account, wait until it is there, and print the table's name"
    ),
    Command.withShortDescription("Copy data into a table of the account"),
    Command.withExamples([{ command: "carto data-observatory sync carto-do-public-data.usa_acs.demographics" }])
  )
