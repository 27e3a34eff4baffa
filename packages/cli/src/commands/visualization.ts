/** `carto visualization`: maps of the editor and Builder. */
import { branch } from "../branch.ts"
import { deleteCommand } from "./visualization/delete.ts"
import { exportCommand } from "./visualization/export.ts"
import { exportAll } from "./visualization/export-all.ts"
import { get } from "./visualization/get.ts"
import { list } from "./visualization/list.ts"
import { update } from "./visualization/update.ts"

export const visualization = branch("visualization", {
  list,
  get,
  update,
  delete: deleteCommand,
  export: exportCommand,
  "export-all": exportAll
})
