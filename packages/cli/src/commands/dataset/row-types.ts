/** `carto dataset row-types`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { tableName } from "./flags.ts"

export const rowTypes = () =>
  Command.make(
    "row-types",
    { names: tableName.pipe(Argument.variadic({ min: 1 })) },
    lazily(() => import("./row-types.run.ts"))
  ).pipe(
    Command.withDescription(
      "Print TypeScript for the rows of datasets: a schema and a type for each, with the types, names and NOT NULL of its columns, as Sql and SqlCopy give their values. No row is read"
    ),
    Command.withShortDescription("Print TypeScript for the rows of datasets"),
    Command.withExamples([
      { command: "carto dataset row-types stations > stations.ts" },
      { command: "carto dataset row-types stations ports piers > rows.ts", description: "One module for several" }
    ])
  )
