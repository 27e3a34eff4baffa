/** `carto data-observatory access`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"
import { id } from "./flags.ts"

export const access = () =>
  Command.make(
    "access",
    {
      id,
      clouds: Flag.Literals("cloud", ["bq", "azure", "aws"]).pipe(
        Flag.withDescription("Where the whole data is wanted; may be given again"),
        Flag.atLeast(1)
      )
    },
    lazily(() => import("./access.run.ts"))
  ).pipe(
    Command.withDescription("Ask for the whole data of a subscription in the store of another: BigQuery, Azure or AWS"),
    Command.withShortDescription("Ask for the whole data in another's store"),
    Command.withExamples([
      { command: "carto data-observatory access carto-do-public-data.usa_acs.demographics --cloud bq" }
    ])
  )
