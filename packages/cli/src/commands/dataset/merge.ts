/** `carto dataset merge`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"

export const merge = () =>
  Command.make(
    "merge",
    {
      newName: Argument.String("NEW-NAME").pipe(Argument.withDescription("Of the dataset that is made")),
      sources: Argument.String("SOURCE").pipe(
        Argument.withDescription("Datasets, files with an extension, and URLs; all with the same columns"),
        Argument.variadic({ min: 1 })
      )
    },
    lazily(() => import("./merge.run.ts"))
  ).pipe(
    Command.withDescription(
      "Make one dataset of several datasets, files and URLs that have the same columns; each row gets a cartodb_id of its own"
    ),
    Command.withShortDescription("Make one dataset of several"),
    Command.withExamples([
      { command: "carto dataset merge all_stations stations_north stations_south" },
      { command: "carto dataset merge readings january.csv february.csv" },
      { command: "carto dataset merge readings_2026 readings_2025 today.csv" }
    ])
  )
