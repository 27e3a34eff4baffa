/** `carto auth logout`: forgets a profile and its key. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"

export const logout = () =>
  Command.make(
    "logout",
    {
      name: Argument.String("NAME").pipe(
        Argument.withDescription("A profile of carto auth list; default: that of --profile, else the current one"),
        Argument.optional
      )
    },
    lazily(() => import("./logout.run.ts"))
  ).pipe(
    Command.withDescription("Forget a profile and its key; the key itself stays valid on the server"),
    Command.withShortDescription("Forget a profile"),
    Command.withExamples([{ command: "carto auth logout work" }])
  )
