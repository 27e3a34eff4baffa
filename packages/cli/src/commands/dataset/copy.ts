/** `carto dataset copy`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { idOrName } from "./flags.ts"

export const copy = Command.make(
  "copy",
  {
    idOrName,
    newName: Argument.String("NEW-NAME").pipe(
      Argument.withDescription("Of the copy; the server makes it valid, and another one where it is taken")
    )
  },
  lazily(() => import("./copy.run.ts"))
).pipe(
  Command.withDescription("Copy a dataset: rows, description, tags, license and attributions"),
  Command.withShortDescription("Copy a dataset"),
  Command.withExamples([{ command: "carto dataset copy stations stations_2026" }])
)
