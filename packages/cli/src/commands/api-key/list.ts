/** `carto api-key list`. */
import * as Command from "effect/cli/Command"
import * as Flag from "effect/cli/Flag"
import { formatFlag } from "../../formatFlag.ts"
import { lazily } from "../../lazily.ts"
import { user } from "./flags.ts"

export const list = () =>
  Command.make(
    "list",
    {
      type: Flag.Literals("type", ["master", "default", "regular"]).pipe(
        Flag.withDescription("Only keys of this type; default is the public one that everybody has"),
        Flag.optional
      ),
      order: Flag.Literals("order", ["name", "updated_at"]).pipe(
        Flag.withDescription("How keys of one type follow each other"),
        Flag.optional
      ),
      user,
      format: formatFlag
    },
    lazily(() => import("./list.run.ts"))
  ).pipe(
    Command.withDescription(
      "List the account's keys and what each may do, never their tokens; a key that is not the master's sees itself"
    ),
    Command.withShortDescription("List the account's keys and what each may do"),
    Command.withExamples([{ command: "carto api-key list --type regular --json name,may" }])
  )
