/** `carto synchronization`: datasets that the server refreshes by itself. */
import { branch } from "../branch.ts"
import { check } from "./synchronization/check.ts"
import { create } from "./synchronization/create.ts"
import { deleteCommand } from "./synchronization/delete.ts"
import { get } from "./synchronization/get.ts"
import { list } from "./synchronization/list.ts"
import { runCommand } from "./synchronization/run.ts"
import { update } from "./synchronization/update.ts"

export const synchronization = branch("synchronization", {
  create,
  list,
  get,
  run: runCommand,
  update,
  delete: deleteCommand,
  check
})
