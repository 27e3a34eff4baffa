/** `carto import`: datasets of files, addresses, queries and other databases. */
import * as Command from "effect/cli/Command"
import { create } from "./import/create.ts"
import { get } from "./import/get.ts"
import { inspect } from "./import/inspect.ts"
import { list } from "./import/list.ts"
import { wait } from "./import/wait.ts"

export const importGroup = Command.make("import").pipe(Command.withSubcommands([create, inspect, wait, get, list]))
