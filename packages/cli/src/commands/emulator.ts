/** `carto emulator`: a CARTO on this machine. */
import * as Command from "effect/cli/Command"
import { start } from "./emulator/start.ts"

export const emulator = Command.make("emulator").pipe(Command.withSubcommands([start]))
