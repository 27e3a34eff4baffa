/** `carto dataset get`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { idOrName } from "./flags.ts"

export const get = () =>
  Command.make(
    "get",
    { idOrName },
    lazily(() => import("./get.run.ts"))
  ).pipe(
    Command.withDescription("Print a dataset as the dashboard knows it; carto dataset describe tells of its table"),
    Command.withShortDescription("Print a dataset"),
    Command.withExamples([{ command: "carto dataset get stations --jq .privacy" }])
  )
