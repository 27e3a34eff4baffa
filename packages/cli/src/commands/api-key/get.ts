/** `carto api-key get`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"
import { name, user } from "./flags.ts"

export const get = () =>
  Command.make(
    "get",
    {
      name,
      user,
      showToken: Flag.Boolean("show-token").pipe(
        Flag.withDescription("Print the token, and nothing else but what --json names"),
        Flag.withDefault(false)
      )
    },
    lazily(() => import("./get.run.ts"))
  ).pipe(
    Command.withDescription("Print a key and what it may do, or its token alone"),
    Command.withExamples([
      { command: "carto api-key get web" },
      { command: "carto api-key get web --show-token", description: "The token alone, on one line" }
    ])
  )
