/** `carto data-observatory token`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"

export const token = () =>
  Command.make(
    "token",
    {},
    lazily(() => import("./token.run.ts"))
  ).pipe(
    Command.withDescription(
      "Print a token for the store of the data, which holds for a while; --json tells where that is"
    ),
    Command.withShortDescription("Print a token for the store of the data"),
    Command.withExamples([{ command: "carto data-observatory token --json bq_project,bq_dataset" }])
  )
