/** `carto sql copy`: PostgreSQL's COPY, the fast way for whole tables. */
import * as Command from "effect/cli/Command"
import { from } from "./copy/from.ts"
import { to } from "./copy/to.ts"

export const copy = Command.make("copy").pipe(
  Command.withDescription("Load a file into a table, or a table into a file, with PostgreSQL's COPY"),
  Command.withShortDescription("Load and unload tables"),
  Command.withSubcommands([from, to])
)
