/** `carto synchronization check`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { formatFlag } from "../../formatFlag.ts"
import { lazily } from "../../lazily.ts"
import { parseDuration } from "../../Settings.ts"

export const check = () =>
  Command.make(
    "check",
    {
      names: Argument.String("ID-OR-NAME").pipe(
        Argument.withDescription("Those to look at; none: all"),
        Argument.variadic()
      ),
      patience: Flag.String("patience").pipe(
        Flag.filterMap(parseDuration, () => "a duration such as 30m or 6h"),
        Flag.withMetavar("DURATION"),
        Flag.withDescription("How late a run may be; default: its interval, between an hour and a day"),
        Flag.optional
      ),
      format: formatFlag
    },
    lazily(() => import("./check.run.ts"))
  ).pipe(
    Command.withDescription("Tell how synchronizations are doing; fails when one is failing or stale: made for cron"),
    Command.withShortDescription("Tell how synchronizations are doing, for cron"),
    Command.withExamples([
      { command: "carto synchronization check --quiet || mail -s 'CARTO is not refreshed' ada@example.org" }
    ])
  )
