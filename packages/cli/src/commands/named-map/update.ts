/** `carto named-map update`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { file } from "./flags.ts"

export const update = () =>
  Command.make(
    "update",
    { file },
    lazily(() => import("./update.run.ts"))
  ).pipe(
    Command.withDescription("Replace the template of a named map, whole"),
    Command.withExamples([{ command: "carto named-map update cities.json" }])
  )
