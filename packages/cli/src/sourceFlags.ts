/** What to make datasets of. */
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"

export const sourceFlags = {
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
    Flag.withDescription("Import from another database: a JSON file with provider, connection, and table or sql_query"),
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
  )
} as const
