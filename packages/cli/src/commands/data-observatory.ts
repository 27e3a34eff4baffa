/** `carto data-observatory`: others' data to subscribe to, and columns of it for one's own. */
import { branch } from "../branch.ts"
import { access } from "./data-observatory/access.ts"
import { catalog } from "./data-observatory/catalog.ts"
import { enrich } from "./data-observatory/enrich.ts"
import { exportCommand } from "./data-observatory/export.ts"
import { get } from "./data-observatory/get.ts"
import { importCommand } from "./data-observatory/import.ts"
import { info } from "./data-observatory/info.ts"
import { list } from "./data-observatory/list.ts"
import { sample } from "./data-observatory/sample.ts"
import { subscribe } from "./data-observatory/subscribe.ts"
import { sync } from "./data-observatory/sync.ts"
import { syncStatus } from "./data-observatory/sync-status.ts"
import { terms } from "./data-observatory/terms.ts"
import { token } from "./data-observatory/token.ts"
import { unsubscribe } from "./data-observatory/unsubscribe.ts"
import { unsync } from "./data-observatory/unsync.ts"

export const dataObservatory = branch("data-observatory", {
  catalog,
  info,
  terms,
  list,
  get,
  subscribe,
  unsubscribe,
  access,
  sync,
  "sync-status": syncStatus,
  unsync,
  sample,
  token,
  import: importCommand,
  export: exportCommand,
  enrich
})
