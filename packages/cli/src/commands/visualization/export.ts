/** `carto visualization export`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"

export const exportCommand = () =>
  Command.make(
    "export",
    {
      idOrName: Argument.String("ID-OR-NAME").pipe(Argument.withDescription("The id or the name of the map")),
      output: Flag.String("output").pipe(
        Flag.withAlias("o"),
        Flag.withMetavar("FILE"),
        Flag.withDescription("Default: the name of the map with .carto; - is standard output"),
        Flag.optional
      )
    },
    lazily(() => import("./export.run.ts"))
  ).pipe(
    Command.withDescription("Write a map with its datasets into a .carto file, which carto import create takes back"),
    Command.withShortDescription("Write a map with its datasets into a file"),
    Command.withExamples([{ command: "carto visualization export 'Bike lanes' --output lanes.carto" }])
  )
