/** `carto named-map create`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { file } from "./flags.ts"

export const create = () =>
  Command.make(
    "create",
    { file },
    lazily(() => import("./create.run.ts"))
  ).pipe(
    Command.withDescription("Keep a template as a new named map"),
    Command.withExamples([{ command: "carto named-map create cities.json" }])
  )
