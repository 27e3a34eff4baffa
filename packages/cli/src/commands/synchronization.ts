/** `carto synchronization`: datasets that the server refreshes by itself. */
import * as Command from "effect/cli/Command"
import { check } from "./synchronization/check.ts"
import { create } from "./synchronization/create.ts"
import { deleteCommand } from "./synchronization/delete.ts"
import { get } from "./synchronization/get.ts"
import { list } from "./synchronization/list.ts"
import { runCommand } from "./synchronization/run.ts"
import { update } from "./synchronization/update.ts"

export const synchronization = Command.make("synchronization").pipe(
  Command.withSubcommands([create, list, get, runCommand, update, deleteCommand, check])
)
