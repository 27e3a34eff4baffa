/** `/api/v4/kuviz`: custom HTML visualizations (platform reference, §15), and their pages. */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Layer from "effect/Layer"
import * as Order from "effect/Order"
import * as Address from "../Address.ts"
import type { ApiKey } from "../Auth.ts"
import { Catalog } from "../catalog/Catalog.ts"
import { Plan } from "../catalog/Plan.ts"
import { type Kuviz, KuvizStore } from "../kuviz/KuvizStore.ts"
import * as KuvizPage from "../kuviz/page.ts"
import { readKuvizChanges, readNewKuviz, wrongKuviz } from "../kuviz/readKuviz.ts"
import * as Params from "../Params.ts"
import { missing, Refusal, refuseWithCause } from "../Refusal.ts"
import { accountRoute } from "./accountRoute.ts"
import { directed, directions, readPage, slice, wrong } from "./paging.ts"
import { json, noContent, permitted, type Visit } from "./platform.ts"

const toJson = (request: HttpServerRequest.HttpServerRequest, kuviz: Kuviz) => ({
  id: kuviz.id,
  name: kuviz.name,
  privacy: kuviz.privacy,
  created_at: new Date(kuviz.created_at).toISOString(),
  updated_at: new Date(kuviz.updated_at).toISOString(),
  url: `${Address.base(request)}/kuviz/${kuviz.id}`
})

const orders = {
  name: Order.mapInput(Order.String, ({ name }: Kuviz) => name),
  updated_at: Order.mapInput(Order.Number, ({ updated_at }: Kuviz) => updated_at),
  privacy: Order.mapInput(Order.String, ({ privacy }: Kuviz) => privacy)
}

const isOrder = (name: string): name is keyof typeof orders => Object.hasOwn(orders, name)

/** Several orders stand behind each other, each with its own direction. */
const readOrder = Effect.fnUntraced(function* (params: Params.Params) {
  const names = (Params.text(params, "order") ?? "updated_at").split(",")
  const asked = (Params.text(params, "order_direction") ?? "desc").split(",")
  if (!names.every(isOrder)) return yield* wrongKuviz(wrong("order", Object.keys(orders)))
  const parts = yield* Effect.forEach(names, (name, index) => {
    const text = asked[index] ?? "desc"
    const direction = directions.find((one) => one === text)
    return direction === undefined
      ? Effect.fail(wrongKuviz(wrong("order_direction", directions)))
      : Effect.succeed(directed(orders[name], direction))
  })
  return Order.combineAll(parts)
})

/** The filters of the list of visualizations; a kuviz has no tags, and is neither locked nor shared. */
const isAskedFor = (params: Params.Params) => {
  const q = Params.text(params, "q")?.toLowerCase()
  const privacy = Params.text(params, "privacy")
  const others = Params.text(params, "tags") !== undefined || Params.text(params, "locked") === "true"
  return (kuviz: Kuviz): boolean =>
    !others &&
    Params.text(params, "shared") !== "only" &&
    (q === undefined || kuviz.name.toLowerCase().includes(q)) &&
    (privacy === undefined || kuviz.privacy === privacy)
}

const list = Effect.fnUntraced(function* ({ params, request }: Visit<ApiKey>) {
  const page = yield* readPage(params, { perPage: 20, refusal: wrongKuviz })
  const order = yield* readOrder(params)
  const found = (yield* (yield* KuvizStore).list).filter(isAskedFor(params)).toSorted(order)
  return json({
    visualizations: slice(found, page).map((kuviz) => toJson(request, kuviz)),
    total_entries: found.length
  })
})

const checkQuota = Effect.fnUntraced(function* (kuviz: ReadonlyArray<Kuviz>) {
  const { publicMapQuota } = yield* (yield* Plan).get
  if (publicMapQuota === undefined) return
  const pages = kuviz.filter(({ privacy }) => privacy === "public").length
  const maps = yield* (yield* Catalog).count("where type = 'derived' and privacy = 'PUBLIC'")
  if (pages + maps >= publicMapQuota) return yield* refuseWithCause(402, "Public map quota exceeded")
})

const taken = wrongKuviz("Validation failed: Name has already been taken")

const create = Effect.fnUntraced(function* (visit: Visit<ApiKey>) {
  const store = yield* KuvizStore
  const { ifExists, ...kuviz } = yield* readNewKuviz(visit)
  const all = yield* store.list
  const [newest, ...others] = all.filter(({ name }) => name === kuviz.name)
  if (newest !== undefined && ifExists === "fail") return yield* taken
  if (newest === undefined) yield* checkQuota(all)
  // The newest one keeps its id; every other of the name is destroyed.
  yield* store.remove(others.map(({ id }) => id))
  const made = yield* newest === undefined ? store.create(kuviz) : store.update(newest.id, kuviz)
  return json(toJson(visit.request, made))
})

/** An id that is no lower-case UUID matches no route of the application. */
const noRoute = new Refusal({ status: 404, body: { status: "404", error: "Not Found" } })

const readId = Effect.fnUntraced(function* () {
  const { id = "" } = yield* HttpRouter.params
  return /^[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}$/.test(id) ? id : yield* noRoute
})

const update = Effect.fnUntraced(function* (visit: Visit<ApiKey>) {
  const store = yield* KuvizStore
  const id = yield* readId()
  const all = yield* store.list
  const kuviz = all.find((kuviz) => kuviz.id === id)
  if (kuviz === undefined) return yield* missing
  const { ifExists, ...changes } = yield* readKuvizChanges(visit, kuviz.privacy === "password")
  const others = all.filter((other) => other.id !== id && other.name === changes.name)
  if (others.length > 0 && ifExists === "fail") return yield* taken
  yield* store.remove(others.map((other) => other.id))
  return json(toJson(visit.request, yield* store.update(id, changes)))
})

/** As on the real servers the id may be any visualization's: a dataset's table is dropped. */
const remove = Effect.fnUntraced(function* () {
  const store = yield* KuvizStore
  const catalog = yield* Catalog
  const id = yield* readId()
  if ((yield* store.list).some((kuviz) => kuviz.id === id)) yield* store.remove([id])
  else {
    const visualization = yield* catalog.find(id)
    if (visualization === undefined) return yield* missing
    yield* catalog.remove(visualization)
  }
  return noContent
})

const withMaster = <R>(handle: Parameters<typeof permitted<R>>[2]) =>
  permitted({ credential: "parameter" }, ({ type }) => type === "master", handle)

/** The routes of the API and of the pages. */
export const routes = Layer.mergeAll(
  accountRoute("GET", "kuviz", withMaster(list)),
  accountRoute("POST", "kuviz", withMaster(create)),
  accountRoute("PUT", "kuviz/:id", withMaster(update)),
  accountRoute("DELETE", "kuviz/:id", withMaster(remove)),
  KuvizPage.routes
)
