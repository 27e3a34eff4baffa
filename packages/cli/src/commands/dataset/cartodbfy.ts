/** `carto dataset cartodbfy`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"

export const cartodbfy = () =>
  Command.make(
    "cartodbfy",
    {
      name: Argument.String("TABLE").pipe(
        Argument.filter(
          (text) => text !== "",
          () => "the name of a table"
        ),
        Argument.withDescription("A table that SQL made, which the dashboard does not show")
      )
    },
    lazily(() => import("./cartodbfy.run.ts"))
  ).pipe(
    Command.withDescription(
      "Make a dataset of a table: adds cartodb_id, geometries, indexes and triggers, in the right schema, and waits until the dashboard has it"
    ),
    Command.withShortDescription("Make a dataset of a table that SQL made"),
    Command.withExamples([
      { command: 'carto sql query "create table large as select * from cities where population > 1e6"' },
      { command: "carto dataset cartodbfy large" }
    ])
  )
