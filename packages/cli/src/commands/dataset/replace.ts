/** `carto dataset replace`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"
import { loadFlags } from "./loadFlags.ts"

export const replace = () =>
  Command.make(
    "replace",
    {
      ...loadFlags,
      allowMissing: Flag.String("allow-missing").pipe(
        Flag.map((list): ReadonlyArray<string> => list.split(",").map((name) => name.trim())),
        Flag.withMetavar("A,B"),
        Flag.withDescription("Columns that the new data may lack; they get their defaults"),
        Flag.optional
      ),
      allowEmpty: Flag.Boolean("allow-empty").pipe(
        Flag.withDescription("Let no rows at all take the place of the old ones"),
        Flag.withDefault(false)
      )
    },
    lazily(() => import("./replace.run.ts"))
  ).pipe(
    Command.withDescription(
      "Put new rows in the place of all others, in one transaction: sharing, indexes, triggers and maps stay, and after any failure the old rows too"
    ),
    Command.withShortDescription("Put new rows in the place of all others"),
    Command.withExamples([
      { command: "carto dataset replace stations stations.csv --plan", description: "What would be sent" },
      { command: "carto dataset replace stations stations.csv" },
      { command: "carto dataset replace stations --sql 'select * from stations_staging where checked'" }
    ])
  )
