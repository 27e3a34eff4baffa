/** `carto data-observatory export`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"
import { name } from "./flags.ts"

export const exportCommand = Command.make(
  "export",
  {
    name,
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
      Flag.withDescription("A query in place of the dataset's rows, in the dialect of the service"),
      Flag.optional
    ),
    geometry: Flag.Boolean("geometry").pipe(
      Flag.withDescription("Geometries beside their ids"),
      Flag.withDefault(false)
    ),
    geography: Flag.Boolean("geography").pipe(
      Flag.withDescription("The name means a geography"),
      Flag.withDefault(false)
    )
  },
  lazily(() => import("./export.run.ts"))
).pipe(
  Command.withDescription("Write a dataset of the service as CSV with a header line"),
  Command.withShortDescription("Write a dataset of the service as CSV"),
  Command.withExamples([{ command: "carto data-observatory export shops_enriched --output shops.csv" }])
)
