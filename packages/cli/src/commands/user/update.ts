/** `carto user update`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"
import { passwordFlags } from "../../passwordFlags.ts"
import { organization, standing, username } from "./flags.ts"

export const update = () =>
  Command.make(
    "update",
    {
      username,
      email: Flag.String("email").pipe(
        Flag.withMetavar("ADDRESS"),
        Flag.withDescription("Another e-mail address"),
        Flag.optional
      ),
      ...passwordFlags,
      ...standing,
      organization
    },
    lazily(() => import("./update.run.ts"))
  ).pipe(
    Command.withDescription(
      "Change what is given of a member of the organization, and nothing else; for administrators"
    ),
    Command.withShortDescription("Change a member of the organization"),
    Command.withExamples([
      { command: "carto user update ada --quota 200MB --no-viewer" },
      { command: "carto user update ada --password-stdin < password.txt" }
    ])
  )
