/** `carto table`: what lies in the database, datasets or not. */
import * as Command from "effect/cli/Command"
import { list } from "./table/list.ts"

export const table = Command.make("table").pipe(
  Command.withDescription("Tables of the database, whether the dashboard shows them as datasets or not"),
  Command.withShortDescription("Tables and their sizes"),
  Command.withSubcommands([list])
)
