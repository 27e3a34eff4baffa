/** `carto user get`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { organization, username } from "./flags.ts"

export const get = () =>
  Command.make(
    "get",
    { username, organization },
    lazily(() => import("./get.run.ts"))
  ).pipe(
    Command.withDescription("Print a member of the organization, without the key; for its administrators"),
    Command.withShortDescription("Print a member of the organization"),
    Command.withExamples([{ command: "carto user get ada --json email,quota_in_bytes" }])
  )
