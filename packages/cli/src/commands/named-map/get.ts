/** `carto named-map get`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"
import { name } from "./flags.ts"

export const get = () =>
  Command.make(
    "get",
    {
      name,
      withSecret: Flag.Boolean("with-secret").pipe(
        Flag.withDescription("Print the tokens too, so that the template can be written back"),
        Flag.withDefault(false)
      )
    },
    lazily(() => import("./get.run.ts"))
  ).pipe(
    Command.withDescription("Print the template of a named map as JSON"),
    Command.withExamples([
      { command: "carto named-map get cities > cities.json" },
      { command: "carto named-map get cities --jq '.placeholders | keys'" }
    ])
  )
