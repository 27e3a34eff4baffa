/** `/api/v4/do`: subscriptions to the Data Observatory (platform reference, §16.1). */
import { randomBytes } from "node:crypto"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as Layer from "effect/Layer"
import * as Order from "effect/Order"
import { type ApiKey, Auth } from "../Auth.ts"
import { Catalog } from "../catalog/Catalog.ts"
import { sizes } from "../observatory/content.ts"
import { entities, entityTypes, info } from "../observatory/entities.ts"
import { clouds, type Subscription, Subscriptions, statusOf, syncTime } from "../observatory/Subscriptions.ts"
import * as Params from "../Params.ts"
import { refuse, refuseWithCause } from "../Refusal.ts"
import { accountRoute } from "./accountRoute.ts"
import { mayUse } from "./observatory.ts"
import { directed, directions, readOneOf, wrong } from "./paging.ts"
import { forbidden, json, noContent, permitted, type Visit } from "./platform.ts"

const time = (millis: number): string => new Date(millis).toISOString().replace(/^(.*)T(.*)\.\d+Z$/, "$1 $2 UTC")

const known = (id: string) => entities.find((entity) => entity.id === id)

/** Whether the data is in the account. What is not active is not copied; the reference does not tell how that is said. */
const syncState = Effect.fnUntraced(function* (subscription: Subscription) {
  const { sync_table, synced_at } = subscription
  const now = yield* Clock.currentTimeMillis
  const status = statusOf(subscription, now)
  if (sync_table !== null && synced_at !== null) {
    return { sync_status: now < synced_at + Duration.toMillis(syncTime) ? "syncing" : "synced", sync_table }
  }
  return status === "active"
    ? { sync_status: "unsynced" }
    : { sync_status: "unsyncable", unsyncable_reason: `the subscription is ${status}, not active` }
})

/** A subscription to what this server does not know any more has no sizes. */
const toJson = Effect.fnUntraced(function* (subscription: Subscription) {
  const { id, sync_table } = subscription
  const [project = "", dataset = "", table = ""] = id.split(".")
  const entity = known(id)
  const status = statusOf(subscription, yield* Clock.currentTimeMillis)
  const synced = sync_table === null ? undefined : yield* (yield* Catalog).dataset(sync_table)
  return {
    dataset_id: id,
    id,
    project,
    dataset,
    table,
    type: entity?.type ?? "dataset",
    status,
    created_at: time(subscription.created_at),
    expires_at: status === "requested" ? "" : time(subscription.expires_at),
    available_in: ["carto"],
    license_type: null,
    full_access_status_bq: subscription.full_access_bq,
    full_access_status_azure: subscription.full_access_azure,
    full_access_status_aws: subscription.full_access_aws,
    full_access_aws_info: null,
    full_access_azure_info: null,
    ...(entity === undefined ? {} : sizes(entity)),
    unsyncable_reason: null,
    unsynced_errors: null,
    sync_table: null,
    ...(yield* syncState(subscription)),
    sync_table_id: synced?.table_id ?? null,
    synchronization_id: null
  }
})

const token = () =>
  Effect.sync(() =>
    json({ access_token: randomBytes(32).toString("base64url"), bq_public_project: "carto-do-public-data" })
  )

type Told = Effect.Success<ReturnType<typeof toJson>>

const orderNames = ["created_at", "id", "table", "dataset", "project", "type"] as const

const readType = (params: Params.Params) =>
  Params.text(params, "type") === undefined
    ? Effect.undefined
    : readOneOf(params, "type", entityTypes, { otherwise: "dataset" })

const list = Effect.fnUntraced(function* ({ params }: Visit) {
  const type = yield* readType(params)
  const status = Params.text(params, "status")
  const order = yield* readOneOf(params, "order", orderNames, { otherwise: "created_at" })
  const direction = yield* readOneOf(params, "order_direction", directions, { otherwise: "asc" })
  const all = yield* Effect.forEach(yield* (yield* Subscriptions).list, toJson)
  const subscriptions = all
    .filter((one) => type === undefined || one.type === type)
    // Other statuses are not looked at.
    .filter((one) => (status !== "active" && status !== "requested") || one.status === status)
    .toSorted(
      directed(
        Order.mapInput(Order.String, (one: Told) => one[order]),
        direction
      )
    )
  return json({ subscriptions })
})

/** An id of three parts, in the query, the body or the path. */
const checkId = (id: string | undefined) =>
  id !== undefined && /^[\w-]+\.[\w-]+\.[\w-]+$/.test(id)
    ? Effect.succeed(id)
    : Effect.fail(refuseWithCause(400, wrong("id")))

const readEntity = Effect.fnUntraced(function* (params: Params.Params) {
  const id = yield* checkId(Params.text(params, "id"))
  const type = yield* readType(params)
  const entity = known(id)
  return entity === undefined || (type !== undefined && type !== entity.type)
    ? yield* refuseWithCause(404, `No metadata found for ${id}`)
    : entity
})

const subscriptionInfo = ({ params }: Visit) => Effect.map(readEntity(params), (entity) => json(info(entity)))

const subscribe = Effect.fnUntraced(function* ({ params }: Visit) {
  const entity = yield* readEntity(params)
  yield* (yield* Subscriptions).subscribe(entity)
  return json(info(entity))
})

const unsubscribe = Effect.fnUntraced(function* ({ params }: Visit) {
  yield* (yield* Subscriptions).unsubscribe(yield* checkId(Params.text(params, "id")))
  return noContent
})

const pathId = Effect.flatMap(HttpRouter.params, ({ id }) => checkId(id))

const get = Effect.fnUntraced(function* () {
  const subscription = yield* (yield* Subscriptions).find(yield* pathId)
  return json(subscription === undefined ? null : yield* toJson(subscription))
})

/** The subscription of the path. */
const subscribed = Effect.fnUntraced(function* () {
  const id = yield* pathId
  const { user } = yield* Auth
  const subscription = yield* (yield* Subscriptions).find(id)
  const entity = known(id)
  return subscription === undefined || entity === undefined
    ? yield* refuse(404, `Subscription not found with id ${id} for user ${user}`)
    : { subscription, entity }
})

const update = Effect.fnUntraced(function* ({ params }: Visit) {
  const asked = clouds.filter((cloud) => Params.get(params, `full_access_status_${cloud}`) === "requested")
  if (asked.length === 0) return yield* refuse(400, "Unexpected params received")
  const { subscription } = yield* subscribed()
  yield* (yield* Subscriptions).requestAccess(subscription.id, asked)
  return json(yield* toJson((yield* subscribed()).subscription))
})

const getSync = Effect.fnUntraced(function* () {
  const { subscription } = yield* subscribed()
  return json(yield* syncState(subscription))
})

const sync = Effect.fnUntraced(function* ({ key }: Visit<ApiKey>) {
  const { entity, subscription } = yield* subscribed()
  if (!mayUse(key)(entity)) return yield* forbidden
  const isActive = statusOf(subscription, yield* Clock.currentTimeMillis) === "active"
  if (isActive) yield* (yield* Subscriptions).sync(subscription, entity)
  return yield* getSync()
})

const unsync = Effect.fnUntraced(function* () {
  const { subscription } = yield* subscribed()
  yield* (yield* Subscriptions).unsync(subscription.id)
  return noContent
})

const entityInfo = Effect.fnUntraced(function* ({ params }: Visit) {
  const id = Params.text(params, "entity_id") ?? ""
  const entity = known(id)
  return entity === undefined ? yield* refuse(404, `Entity not found with id ${id}`) : json(sizes(entity))
})

const sample = Effect.fnUntraced(function* ({ key }: Visit<ApiKey>) {
  const id = yield* pathId
  const entity = known(id)
  if (entity === undefined) return yield* refuseWithCause(404, `No metadata found for ${id}`)
  if (!mayUse(key)(entity)) return yield* forbidden
  yield* (yield* Subscriptions).sample(entity)
  return noContent
})

const withDo = <R>(handle: Parameters<typeof permitted<R>>[2]) =>
  permitted({ credential: "parameter" }, ({ apis, type }: ApiKey) => type === "master" || apis.has("do"), handle)

/** The routes of the platform's part of the Data Observatory. */
export const routes = Layer.mergeAll(
  accountRoute("GET", "do/token", withDo(token)),
  accountRoute("GET", "do/subscription_info", withDo(subscriptionInfo)),
  accountRoute("GET", "do/entity_info", withDo(entityInfo)),
  accountRoute("GET", "do/subscriptions", withDo(list)),
  accountRoute("POST", "do/subscriptions", withDo(subscribe)),
  accountRoute("DELETE", "do/subscriptions", withDo(unsubscribe)),
  accountRoute("GET", "do/subscriptions/:id", withDo(get)),
  accountRoute("PUT", "do/subscriptions/:id", withDo(update)),
  accountRoute("GET", "do/subscriptions/:id/sync", withDo(getSync)),
  accountRoute("POST", "do/subscriptions/:id/sync", withDo(sync)),
  accountRoute("DELETE", "do/subscriptions/:id/sync", withDo(unsync)),
  accountRoute("POST", "do/subscriptions/:id/sample", withDo(sample))
)
