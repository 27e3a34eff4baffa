/** `carto visualization`: maps of the editor and Builder. */
import * as Command from "effect/cli/Command"
import { deleteCommand } from "./visualization/delete.ts"
import { exportCommand } from "./visualization/export.ts"
import { exportAll } from "./visualization/export-all.ts"
import { get } from "./visualization/get.ts"
import { list } from "./visualization/list.ts"
import { update } from "./visualization/update.ts"

export const visualization = Command.make("visualization").pipe(
  Command.withSubcommands([list, get, update, deleteCommand, exportCommand, exportAll])
)
