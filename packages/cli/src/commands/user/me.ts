/** `carto user me`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"

export const me = () =>
  Command.make(
    "me",
    {},
    lazily(() => import("./me.run.ts"))
  ).pipe(
    Command.withDescription("Print whose the key is, of any kind, and where its services are"),
    Command.withShortDescription("Print whose the key is"),
    Command.withExamples([{ command: "carto user me --jq .username" }])
  )
