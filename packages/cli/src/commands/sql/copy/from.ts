/** `carto sql copy from`: loads a file into a table. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../../lazily.ts"
import { columns, layout } from "./flags.ts"

export const from = () =>
  Command.make(
    "from",
    {
      table: Argument.String("TABLE").pipe(Argument.withDescription("Where the rows go; it must exist")),
      file: Argument.String("FILE").pipe(Argument.withDescription("The data; - is standard input")),
      columns: columns.pipe(
        Flag.withDescription(
          "The columns, in the file's order; default: what the header of CSV says, else all of the table"
        )
      ),
      ...layout
    },
    lazily(() => import("./from.run.ts"))
  ).pipe(
    Command.withDescription("Load a file into a table: all of it or, after any failure, nothing"),
    Command.withShortDescription("Load a file into a table"),
    Command.withExamples([
      { command: "carto sql copy from cities cities.csv", description: "The header names the columns" },
      {
        command: "zcat cities.csv.gz | carto sql copy from cities - --no-header --columns name,population",
        description: "From a pipe, without a header"
      }
    ])
  )
