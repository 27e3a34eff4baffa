/** `carto dataset copy`. */
import * as Argument from "effect/cli/Argument"
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { lazily } from "../../lazily.ts"
import { idOrName } from "./flags.ts"

export const copy = () =>
  Command.make(
    "copy",
    {
      idOrName,
      newName: Argument.String("NEW-NAME").pipe(
        Argument.withDescription(
          "Of the copy; the server makes it valid, and another one where it is taken. With --to it must be free, and is the old one where it is left out"
        ),
        Argument.optional
      ),
      to: Flag.String("to").pipe(
        Flag.withMetavar("PROFILE"),
        Flag.withDescription("Make the copy in the account of this profile; see carto auth login"),
        Flag.optional
      )
    },
    lazily(() => import("./copy.run.ts"))
  ).pipe(
    Command.withDescription(
      "Copy a dataset: rows, description, tags, license and attributions. With --to into another account, with privacy, constraints and indexes: its rows go from server to server, are counted on both sides, and after any failure there is no copy"
    ),
    Command.withShortDescription("Copy a dataset, also into another account"),
    Command.withExamples([
      { command: "carto dataset copy stations stations_2026" },
      { command: "carto dataset copy stations --to archive", description: "To the account of the profile archive" }
    ])
  )
