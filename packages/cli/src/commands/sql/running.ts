/** `carto sql running`. */
import * as Command from "effect/cli/Command"
import { formatFlag } from "../../formatFlag.ts"
import { lazily } from "../../lazily.ts"

export const running = () =>
  Command.make(
    "running",
    { format: formatFlag },
    lazily(() => import("./running.run.ts"))
  ).pipe(
    Command.withDescription(
      "List the statements that run in the account's database now, those of jobs too, as far as PostgreSQL shows them to the key; the oldest first"
    ),
    Command.withShortDescription("List the statements that run now"),
    Command.withExamples([
      { command: "carto sql running" },
      { command: "carto sql running --jq '.[] | select(.seconds > 60).pid'", description: "For carto sql cancel" }
    ])
  )
