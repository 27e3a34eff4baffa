/** `carto sql cancel`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"

export const cancel = () =>
  Command.make(
    "cancel",
    {
      pid: Argument.Int("PID").pipe(
        Argument.filter(
          (pid) => pid > 0 && pid < 2 ** 31,
          () => "the number of a server process"
        ),
        Argument.withDescription("The server process, of carto sql running")
      )
    },
    lazily(() => import("./cancel.run.ts"))
  ).pipe(
    Command.withDescription(
      "Cancel a statement that runs, and say whether it has stopped; carto sql job cancel is for jobs"
    ),
    Command.withShortDescription("Cancel a statement that runs"),
    Command.withExamples([{ command: "carto sql cancel 4711" }])
  )
