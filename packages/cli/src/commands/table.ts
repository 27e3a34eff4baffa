/** `carto table`: what lies in the database, datasets or not. */
import * as Command from "effect/cli/Command"
import { list } from "./table/list.ts"

export const table = Command.make("table").pipe(Command.withSubcommands([list]))
