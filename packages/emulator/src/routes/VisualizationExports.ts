/** `/api/v3/visualization_exports`: maps as files (platform reference, §11). */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Address from "../Address.ts"
import { Catalog } from "../catalog/Catalog.ts"
import { type Export, toObject } from "../catalog/export/Export.ts"
import { Exports } from "../catalog/export/Exports.ts"
import { isUuid } from "../catalog/Visualization.ts"
import { isOwner } from "../catalog/view.ts"
import { checkViewable } from "../catalog/viewable.ts"
import * as Params from "../Params.ts"
import { Refusal, refuseWithCause } from "../Refusal.ts"
import { Account } from "../users/Account.ts"
import { accountRoute } from "./accountRoute.ts"
import { json, optional, type Visit } from "./platform.ts"

const invalid = (message: string) => refuseWithCause(422, `Errors: ${JSON.stringify([message])}`)

/** The part of a link that stands before a path, without the server. */
const prefix = ({ request }: Visit): string => new URL(`${Address.base(request)}/`).pathname.replace(/\/$/, "")

const create = Effect.fnUntraced(function* (visit: Visit) {
  const catalog = yield* Catalog
  const { me } = yield* Account
  const id = Params.text(visit.params, "visualization_id") ?? ""
  const map = isUuid(id) ? yield* catalog.find(id) : undefined
  if (map === undefined) return yield* refuseWithCause(404, `Visualization not found: ${id}.`)
  yield* checkViewable(visit, map)
  if (map.type !== "derived") return yield* invalid("Only derived visualizations can be exported")
  const shown = yield* catalog.datasetsOf(map.id)
  const wanted = Params.text(visit.params, "user_tables_ids")
    ?.split(",")
    .map((part) => part.trim())
  const tables = new Set(shown.map(({ table_id }) => table_id))
  if (wanted?.some((table) => !tables.has(table)) === true) {
    return yield* invalid("User tables ids provided are not associated to the visualization")
  }
  const one = yield* (yield* Exports).create({
    map,
    datasets: wanted === undefined ? shown : shown.filter(({ table_id }) => table_id && wanted.includes(table_id)),
    userId: isOwner(visit) ? me.id : null,
    url: (id) => `${prefix(visit)}/api/v3/visualization_exports/${id}/download`
  })
  return json(toObject(one), 201)
})

/** An id that is none ends as an exception that nobody caught (E17). */
const malformed = new Refusal({ status: 500, body: { status: "500", error: "Internal Server Error" } })

/** Strangers may see what a stranger asked for. */
const readable = Effect.fnUntraced(function* (visit: Visit, find: (id: string) => Effect.Effect<Export | undefined>) {
  const { id = "" } = yield* HttpRouter.params
  if (!isUuid(id)) return yield* malformed
  const one = yield* find(id.toLowerCase())
  if (one === undefined) return yield* refuseWithCause(404, `Visualization export not found: ${id}.`)
  if (one.userId !== null && !isOwner(visit)) return yield* refuseWithCause(403, "Visualization export not accessible")
  return one
})

const read = Effect.fnUntraced(function* (visit: Visit) {
  return json(toObject(yield* readable(visit, (yield* Exports).poll)))
})

const download = Effect.fnUntraced(function* (visit: Visit) {
  const one = yield* readable(visit, (yield* Exports).find)
  if (one.state !== "complete") return yield* refuseWithCause(404, `Visualization export not found: ${one.id}.`)
  const fileSystem = yield* FileSystem.FileSystem
  return HttpServerResponse.stream(fileSystem.stream(one.path), {
    contentType: "application/zip",
    headers: { "content-disposition": `attachment; filename="${one.map.id}.carto"` }
  })
})

/** The routes of exports. */
export const routes = Layer.mergeAll(
  accountRoute("POST", "visualization_exports", optional({}, create)),
  accountRoute("GET", "visualization_exports/:id", optional({}, read)),
  accountRoute("GET", "visualization_exports/:id/download", optional({}, download))
)
