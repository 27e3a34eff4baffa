/** `carto auth switch`: makes another profile the current one. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"

export const switchTo = () =>
  Command.make(
    "switch",
    { name: Argument.String("NAME").pipe(Argument.withDescription("A profile of carto auth list")) },
    lazily(() => import("./switch.run.ts"))
  ).pipe(
    Command.withDescription("Make another profile the current one"),
    Command.withExamples([{ command: "carto auth switch work" }])
  )
