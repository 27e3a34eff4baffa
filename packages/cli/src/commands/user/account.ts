/** `carto user account`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"

export const account = () =>
  Command.make(
    "account",
    {},
    lazily(() => import("./account.run.ts"))
  ).pipe(
    Command.withDescription("Print the account with its plan, its counts and its limits; needs the master key"),
    Command.withShortDescription("Print the account"),
    Command.withExamples([
      { command: "carto user account --json account_type,table_count,remaining_byte_quota,limits" }
    ])
  )
