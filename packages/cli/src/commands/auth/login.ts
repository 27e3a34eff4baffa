/** `carto auth login`: checks an account's key and saves both as a profile. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"

export const login = () =>
  Command.make(
    "login",
    {
      url: Flag.String("url").pipe(
        Flag.withMetavar("ADDRESS"),
        Flag.withDescription("Any address of the account, such as https://ada.carto.com; asked for on a terminal"),
        Flag.optional
      ),
      name: Flag.String("name").pipe(
        Flag.withMetavar("NAME"),
        Flag.withDescription("How to call the profile; default: that of --profile, else the user's name"),
        Flag.optional
      ),
      apiKeyStdin: Flag.Boolean("api-key-stdin").pipe(
        Flag.withDescription("Read the key from standard input; else CARTO_API_KEY is used, or the key asked for"),
        Flag.withDefault(false)
      )
    },
    lazily(() => import("./login.run.ts"))
  ).pipe(
    Command.withDescription("Check an account's key, save both as a profile, and make it the current one"),
    Command.withShortDescription("Save an account"),
    Command.withExamples([
      { command: "carto auth login", description: "Asks for the address and the key" },
      {
        command: "carto auth login --url https://ada.carto.com --api-key-stdin < key.txt",
        description: "The key never stands in the shell's history"
      }
    ])
  )
