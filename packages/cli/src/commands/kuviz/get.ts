/** `carto kuviz get`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { idOrName } from "./flags.ts"

export const get = () =>
  Command.make(
    "get",
    { idOrName },
    lazily(() => import("./get.run.ts"))
  ).pipe(
    Command.withDescription("Print what the server tells of a page; the HTML itself is at its url"),
    Command.withShortDescription("Print what the server tells of a page"),
    Command.withExamples([{ command: "carto kuviz get 'Annual report' --jq .url" }])
  )
