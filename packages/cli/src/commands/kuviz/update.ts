/** `carto kuviz update`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"
import { passwordFlags } from "../../passwordFlags.ts"
import { idOrName } from "./flags.ts"

export const update = () =>
  Command.make(
    "update",
    {
      idOrName,
      name: Flag.String("name").pipe(Flag.withMetavar("NAME"), Flag.withDescription("Another name"), Flag.optional),
      file: Flag.String("file").pipe(
        Flag.withMetavar("FILE"),
        Flag.withDescription("Another HTML document; - is standard input"),
        Flag.optional
      ),
      ...passwordFlags,
      public: Flag.Boolean("public").pipe(
        Flag.withDescription("Let everybody see it, without a password"),
        Flag.withDefault(false)
      ),
      replace: Flag.Boolean("replace").pipe(
        Flag.withDescription("With --name: destroy another page that has this name"),
        Flag.withDefault(false)
      )
    },
    lazily(() => import("./update.run.ts"))
  ).pipe(
    Command.withDescription("Change what is given of a page, and nothing else; its address stays"),
    Command.withShortDescription("Change a page"),
    Command.withExamples([
      { command: "carto kuviz update 'Annual report' --file report.html" },
      { command: "carto kuviz update 'Annual report' --name Report --ask-password" }
    ])
  )
