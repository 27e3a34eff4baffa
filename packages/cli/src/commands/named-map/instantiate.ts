/** `carto named-map instantiate`. */
import * as Command from "effect/cli/Command"
import { instantiateFlags } from "../../instantiateFlags.ts"
import { lazily } from "../../lazily.ts"
import { name } from "./flags.ts"

export const instantiate = () =>
  Command.make(
    "instantiate",
    { name, ...instantiateFlags },
    lazily(() => import("./instantiate.run.ts"))
  ).pipe(
    Command.withDescription(
      "Make a map of a template, and print its id and the addresses of its tiles; any key will do"
    ),
    Command.withShortDescription("Make a map of a template, and print its addresses"),
    Command.withExamples([
      { command: "carto named-map instantiate cities --set minimum=100000 --set color=red" },
      { command: "carto named-map instantiate private --token-file token.txt --tilejson mvt" }
    ])
  )
