/** `carto data-observatory enrich`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"

export const enrich = () =>
  Command.make(
    "enrich",
    {
      file: Argument.String("FILE").pipe(
        Argument.withDescription(
          "JSON with type (points or polygons), input, variables, output, and perhaps filters and aggregation; - is standard input"
        )
      )
    },
    lazily(() => import("./enrich.run.ts"))
  ).pipe(
    Command.withDescription(
      "Add columns of the Data Observatory to a dataset of the service, as another one, and wait"
    ),
    Command.withShortDescription("Add columns to a dataset of the service"),
    Command.withExamples([
      { command: "carto data-observatory enrich enrichment.json" },
      {
        command: `echo '{"type": "points", "input": "shops", "variables": ["total_pop_3cf008b3"], "output": "shops_enriched"}' | carto data-observatory enrich -`
      }
    ])
  )
