/** `carto import inspect`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"

export const inspect = () =>
  Command.make(
    "inspect",
    {
      file: Argument.String("FILE").pipe(Argument.withDescription("What would be imported")),
      whole: Flag.Boolean("whole").pipe(
        Flag.withDescription("Look at all of it, not only at its beginning"),
        Flag.withDefault(false)
      )
    },
    lazily(() => import("./inspect.run.ts"))
  ).pipe(
    Command.withDescription(
      "Look at a file before it is imported: how columns will be called, which identifiers type guessing would damage, its encoding, and its size beside the quota; fails when the import would"
    ),
    Command.withShortDescription("Look at a file before it is imported"),
    Command.withExamples([
      { command: "carto import inspect stations.csv" },
      { command: "carto import inspect stations.csv --whole --json columns", description: "The names, old and new" }
    ])
  )
