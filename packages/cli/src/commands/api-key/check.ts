/** `carto api-key check`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"

export const check = () =>
  Command.make(
    "check",
    {
      apiKeyStdin: Flag.Boolean("api-key-stdin").pipe(
        Flag.withDescription("Check the key on the first line of standard input, in place of one's own"),
        Flag.withDefault(false)
      )
    },
    lazily(() => import("./check.run.ts"))
  ).pipe(
    Command.withDescription(
      "Tell whether a key is good, whose it is and what it may do; fails with 4 when it is refused"
    ),
    Command.withShortDescription("Tell whether a key is good, and for what"),
    Command.withExamples([
      { command: "carto api-key check" },
      { command: "carto api-key check --api-key-stdin --jq .tables < token.txt" }
    ])
  )
