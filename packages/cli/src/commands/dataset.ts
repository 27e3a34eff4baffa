/** `carto dataset`: tables that the dashboard shows, and their rows. */
import { branch } from "../branch.ts"
import { append } from "./dataset/append.ts"
import { cartodbfy } from "./dataset/cartodbfy.ts"
import { copy } from "./dataset/copy.ts"
import { create } from "./dataset/create.ts"
import { ddl } from "./dataset/ddl.ts"
import { deleteCommand } from "./dataset/delete.ts"
import { describe } from "./dataset/describe.ts"
import { exportCommand } from "./dataset/export.ts"
import { exportAll } from "./dataset/export-all.ts"
import { get } from "./dataset/get.ts"
import { list } from "./dataset/list.ts"
import { merge } from "./dataset/merge.ts"
import { open } from "./dataset/open.ts"
import { privacy } from "./dataset/privacy.ts"
import { replace } from "./dataset/replace.ts"
import { rowTypes } from "./dataset/row-types.ts"
import { share } from "./dataset/share.ts"
import { update } from "./dataset/update.ts"
import { upsert } from "./dataset/upsert.ts"

export const dataset = branch("dataset", {
  list,
  get,
  describe,
  create,
  cartodbfy,
  update,
  privacy,
  share,
  delete: deleteCommand,
  copy,
  replace,
  append,
  upsert,
  merge,
  ddl,
  "row-types": rowTypes,
  export: exportCommand,
  "export-all": exportAll,
  open
})
