/** `carto dataset update`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { changeFlags } from "../../visualizationChanges.ts"
import { idOrName } from "./flags.ts"

export const update = () =>
  Command.make(
    "update",
    { idOrName, ...changeFlags },
    lazily(() => import("./update.run.ts"))
  ).pipe(
    Command.withDescription(
      "Change what describes a dataset, and nothing else; an empty text clears it. A new name renames its table"
    ),
    Command.withShortDescription("Change what describes a dataset"),
    Command.withExamples([
      { command: "carto dataset update stations --description 'All stations' --tags rail,2026" },
      { command: "carto dataset update stations --name train_stations" }
    ])
  )
