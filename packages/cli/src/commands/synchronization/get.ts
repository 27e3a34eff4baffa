/** `carto synchronization get`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { idOrName } from "./flags.ts"

export const get = () =>
  Command.make(
    "get",
    { idOrName },
    lazily(() => import("./get.run.ts"))
  ).pipe(
    Command.withDescription("Print a synchronization"),
    Command.withExamples([{ command: "carto synchronization get stations --jq .state" }])
  )
