/** `carto sql copy to`: writes a table, or a query's result, into a file. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../../lazily.ts"
import { columns, layout } from "./flags.ts"

export const to = () =>
  Command.make(
    "to",
    {
      names: Argument.String("TABLE FILE").pipe(
        Argument.withDescription("The table, unless --query is given, and the file; - is standard output"),
        Argument.variadic({ min: 1, max: 2 })
      ),
      query: Flag.String("query").pipe(
        Flag.withMetavar("SQL"),
        Flag.withDescription("The result of this query instead of a table"),
        Flag.optional
      ),
      columns: columns.pipe(Flag.withDescription("Only these columns of the table, in this order")),
      ...layout
    },
    lazily(() => import("./to.run.ts"))
  ).pipe(
    Command.withDescription("Write a table or a query's result into a file, which appears only when it is complete"),
    Command.withShortDescription("Write a table into a file"),
    Command.withExamples([
      { command: "carto sql copy to cities cities.csv", description: "A table into a file" },
      { command: "carto sql copy to cities - | gzip > cities.csv.gz", description: "Into a pipe" },
      {
        command: 'carto sql copy to --query "select name from cities where population > 1000000" large.csv',
        description: "A query's result"
      }
    ])
  )
