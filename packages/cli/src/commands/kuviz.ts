/** `carto kuviz`: HTML pages that CARTO serves. */
import { branch } from "../branch.ts"
import { create } from "./kuviz/create.ts"
import { deleteCommand } from "./kuviz/delete.ts"
import { get } from "./kuviz/get.ts"
import { list } from "./kuviz/list.ts"
import { update } from "./kuviz/update.ts"

export const kuviz = branch("kuviz", { create, list, get, update, delete: deleteCommand })
