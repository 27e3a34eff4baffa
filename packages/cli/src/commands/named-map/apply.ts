/** `carto named-map apply`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import { formatFlag } from "../../formatFlag.ts"
import { lazily } from "../../lazily.ts"

export const apply = () =>
  Command.make(
    "apply",
    {
      files: Argument.String("FILE").pipe(
        Argument.withDescription("Templates as JSON; - is standard input"),
        Argument.variadic({ min: 1 })
      ),
      format: formatFlag
    },
    lazily(() => import("./apply.run.ts"))
  ).pipe(
    Command.withDescription(
      "Create named maps that are missing, replace those that differ, and leave the others alone: doing it twice is the same"
    ),
    Command.withShortDescription("Make named maps be what files say"),
    Command.withExamples([
      { command: "carto named-map apply maps/*.json" },
      { command: "carto named-map apply cities.json --dry-run", description: "What would be sent first" }
    ])
  )
