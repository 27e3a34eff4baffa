/** `carto user create`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"
import { organization, standing, username } from "./flags.ts"

export const create = () =>
  Command.make(
    "create",
    {
      username,
      email: Flag.String("email").pipe(Flag.withMetavar("ADDRESS"), Flag.withDescription("The user's e-mail address")),
      passwordStdin: Flag.Boolean("password-stdin").pipe(
        Flag.withDescription("Read the password from the first line of standard input; else it is asked for"),
        Flag.withDefault(false)
      ),
      forcePasswordChange: Flag.Boolean("force-password-change").pipe(
        Flag.withDescription("The user chooses another password when logging in first"),
        Flag.withDefault(false)
      ),
      ...standing,
      organization
    },
    lazily(() => import("./create.run.ts"))
  ).pipe(
    Command.withDescription("Make a member of the organization, and wait until the server has; for its administrators"),
    Command.withShortDescription("Make a member of the organization"),
    Command.withExamples([
      { command: "carto user create ada --email ada@example.org --quota 100MB", description: "Asks for a password" },
      { command: "carto user create ada --email ada@example.org --viewer --password-stdin < password.txt" }
    ])
  )
