/** `carto data-observatory export`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"

export const exportCommand = () =>
  Command.make(
    "export",
    {
      name: Argument.String("NAME").pipe(
        Argument.filter(
          (text) => text !== "",
          () => "a name or an id"
        ),
        Argument.withDescription("A dataset of one's own at the service, or the id of data that is subscribed to")
      ),
      output: Flag.String("output").pipe(
        Flag.withAlias("o"),
        Flag.withMetavar("FILE"),
        Flag.withDescription("Write the data to this file, which appears only when it is complete"),
        Flag.optional
      ),
      limit: Flag.Int("limit").pipe(
        Flag.filter(
          (rows) => rows >= 0,
          (rows) => `a number of rows from 0 on, not ${rows}`
        ),
        Flag.withMetavar("ROWS"),
        Flag.withDescription("So many rows at most"),
        Flag.optional
      ),
      order: Flag.String("order").pipe(Flag.withMetavar("COLUMN"), Flag.withDescription("Order by it"), Flag.optional),
      query: Flag.String("query").pipe(
        Flag.withMetavar("SQL"),
        Flag.withDescription(
          "A query in place of all rows, in the dialect of the service; it reads from $dataset$, or $geography$"
        ),
        Flag.optional
      ),
      geometry: Flag.Boolean("geometry").pipe(
        Flag.withDescription("The places of data that is subscribed to, beside its rows"),
        Flag.withDefault(false)
      ),
      geography: Flag.Boolean("geography").pipe(
        Flag.withDescription("The id is that of a geography"),
        Flag.withDefault(false)
      )
    },
    lazily(() => import("./export.run.ts"))
  ).pipe(
    Command.withDescription("Write a dataset of the service, or data that is subscribed to, as CSV with a header line"),
    Command.withShortDescription("Write a dataset of the service, or subscribed data, as CSV"),
    Command.withExamples([
      { command: "carto data-observatory export shops_enriched --output shops.csv" },
      {
        command:
          "carto data-observatory export shops --query 'select * from $dataset$ where id > 100' --output some.csv"
      },
      { command: "carto data-observatory export carto-do-public-data.usa_acs.demographics --geometry --limit 10" }
    ])
  )
