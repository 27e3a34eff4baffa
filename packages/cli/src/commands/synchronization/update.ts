/** `carto synchronization update`. */
import * as Command from "effect/cli/Command"
import { interval } from "../../intervalFlag.ts"
import { lazily } from "../../lazily.ts"
import { idOrName } from "./flags.ts"

export const update = () =>
  Command.make(
    "update",
    { idOrName, interval },
    lazily(() => import("./update.run.ts"))
  ).pipe(
    Command.withDescription("Change how often a dataset is refreshed; the next run is then so far away"),
    Command.withShortDescription("Change how often a dataset is refreshed"),
    Command.withExamples([{ command: "carto synchronization update stations --interval 12h" }])
  )
