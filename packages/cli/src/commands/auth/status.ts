/** `carto auth status`: which account is used, and whether its key works. */
import * as Command from "effect/cli/Command"
import { formatFlag } from "../../formatFlag.ts"
import { lazily } from "../../lazily.ts"

export const status = () =>
  Command.make(
    "status",
    { format: formatFlag },
    lazily(() => import("./status.run.ts"))
  ).pipe(
    Command.withDescription("Show which account commands work on, where that was said, and whether its key works"),
    Command.withShortDescription("Show the account in use"),
    Command.withExamples([{ command: "carto auth status" }, { command: "carto --profile work auth status" }])
  )
