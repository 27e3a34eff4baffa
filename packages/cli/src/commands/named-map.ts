/** `carto named-map`: the templates of maps that the account keeps. */
import { branch } from "../branch.ts"
import { apply } from "./named-map/apply.ts"
import { create } from "./named-map/create.ts"
import { deleteCommand } from "./named-map/delete.ts"
import { get } from "./named-map/get.ts"
import { instantiate } from "./named-map/instantiate.ts"
import { list } from "./named-map/list.ts"
import { prune } from "./named-map/prune.ts"
import { update } from "./named-map/update.ts"

export const namedMap = branch("named-map", {
  apply,
  create,
  update,
  list,
  get,
  instantiate,
  delete: deleteCommand,
  prune
})
