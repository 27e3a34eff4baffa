/** `carto import create`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { formatFlag } from "../../formatFlag.ts"
import { guessing } from "../../guessingFlags.ts"
import { lazily } from "../../lazily.ts"
import { sourceFlags } from "../../sourceFlags.ts"

export const create = () =>
  Command.make(
    "create",
    {
      ...sourceFlags,
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
      { command: "csvstack part-*.csv | carto import create - --name all.csv", description: "From a pipe" },
      { command: "carto import create --connector warehouse.json", description: "From another database" }
    ])
  )
