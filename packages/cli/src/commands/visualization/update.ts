/** `carto visualization update`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"
import { changeFlags } from "../../visualizationChanges.ts"
import { idOrName } from "./flags.ts"

export const update = () =>
  Command.make(
    "update",
    {
      idOrName,
      ...changeFlags,
      privacy: Flag.Literals("privacy", ["public", "link", "private", "password"]).pipe(
        Flag.withDescription("Who may see it; password needs --password-stdin"),
        Flag.optional
      ),
      passwordStdin: Flag.Boolean("password-stdin").pipe(
        Flag.withDescription("Read the password of the map from standard input"),
        Flag.withDefault(false)
      )
    },
    lazily(() => import("./update.run.ts"))
  ).pipe(
    Command.withDescription("Change what describes a map or who may see it, and nothing else; an empty text clears it"),
    Command.withShortDescription("Change what describes a map, or who may see it"),
    Command.withExamples([
      { command: "carto visualization update 'Bike lanes' --name 'Bike lanes of 2026' --privacy link" },
      { command: "carto visualization update 'Bike lanes' --privacy password --password-stdin < password.txt" }
    ])
  )
