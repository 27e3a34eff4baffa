/** `carto synchronization create`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { guessing } from "../../guessingFlags.ts"
import { interval } from "../../intervalFlag.ts"
import { lazily } from "../../lazily.ts"

export const create = () =>
  Command.make(
    "create",
    {
      url: Argument.String("URL").pipe(
        Argument.withDescription("What to refresh from, by http, https or ftp"),
        Argument.optional
      ),
      connector: Flag.String("connector").pipe(
        Flag.withMetavar("FILE"),
        Flag.withDescription(
          "Refresh from another database: a JSON file with provider, connection, and table or sql_query"
        ),
        Flag.optional
      ),
      interval: interval.pipe(Flag.optional),
      name: Flag.String("name").pipe(
        Flag.withMetavar("NAME"),
        Flag.withDescription("Of the dataset; default: that of the source"),
        Flag.optional
      ),
      ...guessing,
      wait: Flag.Boolean("wait").pipe(
        Flag.withDescription("Wait for the first import; --no-wait only prints the id"),
        Flag.withDefault(true)
      )
    },
    lazily(() => import("./create.run.ts"))
  ).pipe(
    Command.withDescription(
      "Make a dataset that the server refreshes: its id on standard output, its states on standard error"
    ),
    Command.withShortDescription("Make a dataset that the server refreshes"),
    Command.withExamples([
      { command: "carto synchronization create https://example.org/stations.csv --interval 1h" },
      { command: "carto synchronization create --connector warehouse.json --interval 1d --no-wait" }
    ])
  )
