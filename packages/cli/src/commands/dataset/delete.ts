/** `carto dataset delete`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"
import { yes } from "../../yesFlag.ts"
import { force, idOrName } from "./flags.ts"

export const deleteCommand = () =>
  Command.make(
    "delete",
    {
      idOrName,
      force: force.pipe(Flag.withDescription("Also maps that show nothing else, and layers of other maps")),
      yes
    },
    lazily(() => import("./delete.run.ts"))
  ).pipe(
    Command.withDescription("Drop the table of a dataset for good; refused where maps would be lost, which are named"),
    Command.withShortDescription("Delete a dataset with its table"),
    Command.withExamples([
      { command: "carto dataset delete stations --yes" },
      { command: "carto dataset delete stations --force --yes --json name,deleted_maps,changed_maps" }
    ])
  )
