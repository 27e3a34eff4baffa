/** `carto dataset describe`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"
import { tableName } from "./flags.ts"

export const describe = () =>
  Command.make(
    "describe",
    {
      name: tableName,
      count: Flag.Boolean("count").pipe(
        Flag.withDescription("Count the rows, which reads all of them; else the database's estimate is told"),
        Flag.withDefault(false)
      )
    },
    lazily(() => import("./describe.run.ts"))
  ).pipe(
    Command.withDescription(
      "Tell of a dataset's table: columns, types, indexes, triggers, size, rows and geometries; a page on a terminal, JSON elsewhere"
    ),
    Command.withShortDescription("Tell of a dataset's table"),
    Command.withExamples([
      { command: "carto dataset describe stations" },
      { command: "carto dataset describe stations --jq '.columns[].name'" }
    ])
  )
