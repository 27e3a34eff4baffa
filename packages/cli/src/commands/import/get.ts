/** `carto import get`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { id } from "./flags.ts"

export const get = () =>
  Command.make(
    "get",
    { id },
    lazily(() => import("./get.run.ts"))
  ).pipe(
    Command.withDescription("Print an import as it is now"),
    Command.withExamples([{ command: "carto import get 9f4b1d3e-5b5e-4c10-9c1d-0f3f6c1b7a11 --jq .state" }])
  )
