/** `carto kuviz create`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"
import { passwordFlags } from "../../passwordFlags.ts"

export const create = () =>
  Command.make(
    "create",
    {
      name: Argument.String("NAME").pipe(Argument.withDescription("The name of the page")),
      file: Argument.String("FILE").pipe(
        Argument.withDescription("A whole HTML document of at most 7.5 MiB; - is standard input")
      ),
      ...passwordFlags,
      replace: Flag.Boolean("replace").pipe(
        Flag.withDescription("Overwrite the newest page of this name, and destroy the others of it"),
        Flag.withDefault(false)
      )
    },
    lazily(() => import("./create.run.ts"))
  ).pipe(
    Command.withDescription(
      "Make a page of an HTML document, and print its address: public, unless visitors need a password"
    ),
    Command.withShortDescription("Make a page of an HTML document"),
    Command.withExamples([
      { command: "carto kuviz create 'Annual report' report.html" },
      { command: "carto kuviz create 'Annual report' report.html --replace --password-stdin < password.txt" }
    ])
  )
