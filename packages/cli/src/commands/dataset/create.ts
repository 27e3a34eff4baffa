/** `carto dataset create`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { formatFlag } from "../../formatFlag.ts"
import { guessing } from "../../guessingFlags.ts"
import { interval } from "../../intervalFlag.ts"
import { lazily } from "../../lazily.ts"
import { sourceFlags } from "../../sourceFlags.ts"

export const create = () =>
  Command.make(
    "create",
    {
      ...sourceFlags,
      interval: interval.pipe(
        Flag.withDescription("Have the server refresh it from its URL or database so often: 15m at least, 1h, 7d"),
        Flag.optional
      ),
      ...guessing,
      format: formatFlag
    },
    lazily(() => import("./create.run.ts"))
  ).pipe(
    Command.withDescription(
      "Make datasets of files, URLs, a query, another dataset or another database; wait for them, and print all that were made"
    ),
    Command.withShortDescription("Make datasets, and wait for them"),
    Command.withExamples([
      { command: "carto dataset create harbours.csv routes.zip --privacy link" },
      {
        command: "carto dataset create https://example.org/stations.csv --interval 1h",
        description: "Kept up to date"
      },
      {
        command: 'carto dataset create --sql "select * from cities where population > 1000000" --name large_cities'
      }
    ])
  )
