/** `carto kuviz`: HTML pages that CARTO serves. */
import * as Command from "effect/cli/Command"
import { create } from "./kuviz/create.ts"
import { deleteCommand } from "./kuviz/delete.ts"
import { get } from "./kuviz/get.ts"
import { list } from "./kuviz/list.ts"
import { update } from "./kuviz/update.ts"

export const kuviz = Command.make("kuviz").pipe(Command.withSubcommands([create, list, get, update, deleteCommand]))
