/** `carto map instantiate`. */
import * as Command from "effect/cli/Command"
import { instantiateFlags } from "../../instantiateFlags.ts"
import { lazily } from "../../lazily.ts"
import { target } from "../../mapFlags.ts"

export const instantiate = () =>
  Command.make(
    "instantiate",
    { target, ...instantiateFlags },
    lazily(() => import("./instantiate.run.ts"))
  ).pipe(
    Command.withDescription("Make a map that lives for a while, and print its id and the addresses of its tiles"),
    Command.withShortDescription("Make a map, and print its addresses"),
    Command.withExamples([
      { command: "carto map instantiate map.json --jq .vector" },
      { command: "carto map instantiate map.json --tilejson mvt > tiles.json", description: "For a map library" }
    ])
  )
