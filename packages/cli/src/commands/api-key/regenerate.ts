/** `carto api-key regenerate`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { yes } from "../../yesFlag.ts"
import { name, user } from "./flags.ts"

export const regenerate = () =>
  Command.make(
    "regenerate",
    { name, user, yes },
    lazily(() => import("./regenerate.run.ts"))
  ).pipe(
    Command.withDescription("Give a key another token, and print it: the old one is refused from then on"),
    Command.withShortDescription("Give a key another token, and print it"),
    Command.withExamples([{ command: "carto api-key regenerate web --yes > token.txt" }])
  )
