/** `carto visualization`: maps of the editor and Builder. */
import * as Command from "effect/cli/Command"
import { exportCommand } from "./visualization/export.ts"

export const visualization = Command.make("visualization").pipe(
  Command.withAlias("viz"),
  Command.withDescription("Maps that were made in the editor or in Builder"),
  Command.withSubcommands([exportCommand])
)
