/** `carto dataset privacy`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { idOrName } from "./flags.ts"

export const privacy = () =>
  Command.make(
    "privacy",
    {
      idOrName,
      privacy: Argument.Literals("PRIVACY", ["public", "link", "private"]).pipe(
        Argument.withDescription("public, link (whoever has its address), or private")
      )
    },
    lazily(() => import("./privacy.run.ts"))
  ).pipe(
    Command.withDescription("Change who may see a dataset: tells what the server made of it"),
    Command.withShortDescription("Change who may see a dataset"),
    Command.withExamples([{ command: "carto dataset privacy stations link" }])
  )
