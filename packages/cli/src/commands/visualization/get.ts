/** `carto visualization get`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"
import { idOrName } from "./flags.ts"

export const get = () =>
  Command.make(
    "get",
    {
      idOrName,
      definition: Flag.Boolean("definition").pipe(
        Flag.withDescription("Its layers, queries, styles and widgets instead: the viz.json of front ends"),
        Flag.withDefault(false)
      )
    },
    lazily(() => import("./get.run.ts"))
  ).pipe(
    Command.withDescription("Print a map, or what it is made of"),
    Command.withExamples([
      { command: "carto visualization get 'Bike lanes' --jq .url" },
      { command: "carto visualization get 'Bike lanes' --definition > lanes.json" }
    ])
  )
