/** `carto import create`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { formatFlag } from "../../formatFlag.ts"
import { guessing } from "../../guessingFlags.ts"
import { lazily } from "../../lazily.ts"

export const create = Command.make(
  "create",
  {
    sources: Argument.String("SOURCE").pipe(
      Argument.withDescription("Files, patterns such as 'data/*.csv', URLs, or - for standard input"),
      Argument.variadic()
    ),
    sql: Flag.String("sql").pipe(
      Flag.withMetavar("QUERY"),
      Flag.withDescription("Import the rows of a query of the account"),
      Flag.optional
    ),
    table: Flag.String("table").pipe(
      Flag.withMetavar("DATASET"),
      Flag.withDescription("Import a copy of a dataset of the account"),
      Flag.optional
    ),
    connector: Flag.String("connector").pipe(
      Flag.withMetavar("FILE"),
      Flag.withDescription(
        "Import from another database: a JSON file with provider, connection, and table or sql_query"
      ),
      Flag.optional
    ),
    name: Flag.String("name").pipe(
      Flag.withMetavar("NAME"),
      Flag.withDescription("The name of the dataset, or, of a single file, its name with extension for the server"),
      Flag.optional
    ),
    privacy: Flag.Literals("privacy", ["private", "link", "public"]).pipe(
      Flag.withDescription("Default: private where the account may have private datasets"),
      Flag.optional
    ),
    collision: Flag.Literals("collision", ["skip", "overwrite"]).pipe(
      Flag.withDescription("What becomes of a dataset that has the name already; default: the new one gets a number"),
      Flag.optional
    ),
    ...guessing,
    wait: Flag.Boolean("wait").pipe(
      Flag.withDescription("Wait until the imports are over; --no-wait only prints their ids"),
      Flag.withDefault(true)
    ),
    format: formatFlag
  },
  lazily(() => import("./create.run.ts"))
).pipe(
  Command.withDescription(
    "Import files, URLs, a query, a table or another database, as many at once as the account has slots, and print what became of each"
  ),
  Command.withShortDescription("Import, and wait for the datasets"),
  Command.withExamples([
    { command: "carto import create cities.csv countries.geojson roads.zip" },
    { command: "carto import create 'data/*.csv' --privacy link --collision overwrite", description: "A folder" },
    { command: "carto import create https://example.org/Stations.csv --no-wait", description: "Only the id" },
    { command: "pg_dump … | carto import create - --name dump.csv", description: "From a pipe" },
    { command: "carto import create --connector warehouse.json", description: "From another database" }
  ])
)
