/** What the commands about one job have in common. */
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"

export const id = Argument.String("ID").pipe(
  Argument.filter(
    (text) => text !== "",
    () => "the id that carto sql job create printed"
  ),
  Argument.withDescription("The job's id")
)

export const onInterrupt = Flag.Literals("on-interrupt", ["detach", "cancel"]).pipe(
  Flag.withDescription("What becomes of the job on Ctrl-C or after --timeout; default: detach, it goes on"),
  Flag.withDefault("detach")
)
