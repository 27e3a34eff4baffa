/** The flag that answers the last question before something that cannot be undone. */
import * as Flag from "effect/cli/Flag"

export const yes = Flag.Boolean("yes").pipe(
  Flag.withAlias("y"),
  Flag.withDescription("Do not ask; without a terminal nobody can be asked"),
  Flag.withDefault(false)
)
