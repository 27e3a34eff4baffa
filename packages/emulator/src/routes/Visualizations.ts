/** `/api/v1/viz`: datasets and maps (platform reference, §8). */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as Layer from "effect/Layer"
import { Auth } from "../Auth.ts"
import { Catalog } from "../catalog/Catalog.ts"
import { create } from "../catalog/creation.ts"
import { listed, shownInDetail, wholeObject } from "../catalog/extras.ts"
import { listQuery } from "../catalog/listQuery.ts"
import { everything } from "../catalog/objects.ts"
import { Plan } from "../catalog/Plan.ts"
import { stringified } from "../catalog/times.ts"
import { update } from "../catalog/update.ts"
import { isOwner } from "../catalog/view.ts"
import { checkViewable } from "../catalog/viewable.ts"
import * as Params from "../Params.ts"
import { Refusal, refuse, refuseWithCause } from "../Refusal.ts"
import { accountRoute } from "./accountRoute.ts"
import { jsonOrCall } from "./jsonp.ts"
import { missingHere } from "./notImplemented.ts"
import { json, master, noContent, optional, type Visit } from "./platform.ts"
import { rawJson } from "./rawJson.ts"

/** What is counted for the owner, by type alone. */
const totals = Effect.fnUntraced(function* (visit: Visit, ofTypes: string) {
  const hasTotals = isOwner(visit) && Params.text(visit.params, "load_totals") !== "false"
  const totals = hasTotals ? yield* (yield* Catalog).totals(ofTypes) : undefined
  return {
    ...(totals === undefined
      ? {}
      : {
          total_user_entries: totals.own,
          total_locked: totals.locked,
          total_likes: totals.liked,
          total_shared: totals.shared
        }),
    ...(Params.text(visit.params, "load_do_totals") === "true" ? { total_subscriptions: 0, total_samples: 0 } : {})
  }
})

const list = Effect.fnUntraced(function* (visit: Visit) {
  const { ofTypes, ...part } = yield* listQuery(visit.params, isOwner(visit), (yield* Auth).schema)
  const { total, visualizations } = yield* (yield* Catalog).page(part)
  return yield* jsonOrCall(visit, {
    visualizations: yield* listed(visit, visualizations),
    total_entries: total,
    ...(yield* totals(visit, ofTypes))
  })
})

const named = Effect.gen(function* () {
  const { id = "" } = yield* HttpRouter.params
  const found = yield* (yield* Catalog).find(id)
  return found ?? (yield* refuseWithCause(404, "Visualization does not exist"))
})

const read = Effect.fnUntraced(function* (visit: Visit) {
  const visualization = yield* named
  if (!isOwner(visit) && visualization.schema !== (yield* Auth).schema) {
    return yield* refuseWithCause(404, "Visualization of that user does not exist")
  }
  yield* checkViewable(visit, visualization)
  return yield* jsonOrCall(visit, stringified(yield* wholeObject(visit, visualization, shownInDetail(visit.params))))
})

const isViewer = Effect.gen(function* () {
  return (yield* (yield* Plan).get).viewer
})

const createMap = Effect.fnUntraced(function* (visit: Visit) {
  const map = yield* create(yield* rawJson(visit))
  return json(yield* wholeObject(visit, map, everything))
})

const change = Effect.fnUntraced(function* (visit: Visit) {
  const visualization = yield* named
  const mayWrite = yield* (yield* Catalog).mayWrite(visualization)
  if (!mayWrite || (yield* isViewer)) return yield* new Refusal({ status: 403 })
  const changed = yield* update(visualization, yield* rawJson(visit))
  return json(yield* wholeObject(visit, changed, everything))
})

const remove = Effect.fnUntraced(function* () {
  const visualization = yield* named
  const isOwn = visualization.schema === (yield* Auth).schema
  if (!isOwn || (yield* isViewer)) return yield* refuseWithCause(403, "Visualization not editable")
  yield* (yield* Catalog)
    .remove(visualization)
    .pipe(Effect.catchTag("DatabaseError", ({ message }) => Effect.fail(refuse(400, [message]))))
  return noContent
})

const like = (liked: boolean) =>
  Effect.fnUntraced(function* (visit: Visit) {
    const visualization = yield* named
    if (!isOwner(visit)) return yield* new Refusal({ status: 403, body: { text: "You don't have enough permissions" } })
    if (liked && visualization.liked) {
      return yield* new Refusal({ status: 400, body: { text: "You've already liked this visualization" } })
    }
    yield* (yield* Catalog).update(visualization.id, { liked })
    return json({ id: visualization.id, liked })
  })

/** The routes of datasets and maps. */
export const routes = Layer.mergeAll(
  accountRoute("GET", "viz", optional({}, list)),
  accountRoute("POST", "viz", master({}, createMap)),
  accountRoute("GET", "viz/:id", optional({}, read)),
  accountRoute("PUT", "viz/:id", master({}, change)),
  accountRoute("DELETE", "viz/:id", master({}, remove)),
  accountRoute("POST", "viz/:id/like", optional({}, like(true))),
  accountRoute("DELETE", "viz/:id/like", optional({}, like(false))),
  accountRoute("GET", "viz/:id/viz", missingHere("viz.json")),
  accountRoute("GET", "viz/:id/static/*", missingHere("viz/static")),
  accountRoute("*", "viz/:id/watching", missingHere("viz/watching"))
)
