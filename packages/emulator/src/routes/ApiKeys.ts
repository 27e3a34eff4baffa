/** `/api/v3/api_keys`: the keys of the account and what each may do (platform reference, §12). */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Order from "effect/Order"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Address from "../Address.ts"
import { type ApiKey, Auth } from "../Auth.ts"
import { Plan } from "../catalog/Plan.ts"
import type { DatabaseError } from "../Database.ts"
import { keyTypes } from "../keys/ApiKey.ts"
import { excess } from "../keys/excess.ts"
import { grantsOf } from "../keys/grantsOf.ts"
import { readGrants } from "../keys/readGrants.ts"
import * as Params from "../Params.ts"
import { missing, type Refusal, refuseWithCause } from "../Refusal.ts"
import { Account } from "../users/Account.ts"
import { Members } from "../users/Members.ts"
import { accountRoute } from "./accountRoute.ts"
import { envelope, readOneOf, readPage, slice, wrong } from "./paging.ts"
import { forbidden, json, known, master, noContent, type Visit } from "./platform.ts"

const time = (millis: number): string => new Date(millis).toISOString().replace(/^(.*)T(.*)\.\d+Z$/, "$1 $2 UTC")

const toJson = Effect.fnUntraced(function* (key: ApiKey) {
  const { user } = yield* Auth
  return {
    name: key.name,
    user: { username: user },
    type: key.type,
    token: Redacted.value(key.token),
    grants: yield* grantsOf(key),
    created_at: time(key.createdAt),
    updated_at: time(key.updatedAt)
  }
})

/** The keys that a key may see: the master all, every other itself. */
const visible = Effect.fnUntraced(function* ({ key }: Visit<ApiKey>) {
  const { keys } = yield* Auth
  return key.type === "master" ? keys : keys.filter(({ name }) => name === key.name)
})

const byType = Order.mapInput(Order.Number, ({ type }: ApiKey) => keyTypes.indexOf(type))

/** The kind always comes first; the direction is not looked at. */
const orders = {
  type: byType,
  name: Order.combine(
    byType,
    Order.mapInput(Order.String, ({ name }: ApiKey) => name)
  ),
  updated_at: Order.combine(
    byType,
    Order.mapInput(Order.Number, ({ updatedAt }: ApiKey) => updatedAt)
  )
}

const readTypes = Effect.fnUntraced(function* (params: Params.Params) {
  const text = Params.text(params, "type")
  if (text === undefined) return keyTypes
  const asked = text.split(",")
  return asked.every((type) => keyTypes.some((known) => known === type))
    ? keyTypes.filter((type) => asked.includes(type))
    : yield* refuseWithCause(400, wrong("type", keyTypes))
})

const list = Effect.fnUntraced(function* (visit: Visit<ApiKey>) {
  const page = yield* readPage(visit.params, { perPage: 20 })
  const order = yield* readOneOf(visit.params, "order", ["type", "name", "updated_at"], { otherwise: "type" })
  const types = yield* readTypes(visit.params)
  const keys = (yield* visible(visit)).filter(({ type }) => types.includes(type)).toSorted(orders[order])
  const base = Address.base(visit.request)
  const result = yield* Effect.forEach(slice(keys, page), (key) =>
    Effect.map(toJson(key), (told) => ({
      ...told,
      _links: { self: `${base}/api/v3/api_keys/${encodeURIComponent(key.name)}` }
    }))
  )
  return json(envelope(visit, page, keys.length, result))
})

const nameBlank = "Name can't be blank"
const nameReserved = "Name api_key name cannot be Master nor Default public"
const nameTaken = "Name has already been taken"

const create = Effect.fnUntraced(function* ({ params }: Visit<ApiKey>) {
  const auth = yield* Auth
  const name = Params.text(params, "name") ?? ""
  const isReserved = name === "Master" || name === "Default public"
  const grants = readGrants(Params.get(params, "grants"))
  const problems = [
    ...(name.trim() === "" ? [nameBlank] : []),
    ...(auth.keys.some((key) => key.name === name) ? [nameTaken] : []),
    ...(isReserved ? [nameReserved] : []),
    ...(Result.isFailure(grants) ? grants.failure.map((text) => `Grants ${text}`) : yield* excess(grants.success))
  ]
  if (Result.isFailure(grants) || problems.length > 0) {
    return yield* refuseWithCause(422, `Validation failed: ${problems.join(", ")}`)
  }
  const { apiKeyQuota } = yield* (yield* Plan).get
  const count = auth.keys.filter(({ type }) => type === "regular").length
  if (apiKeyQuota !== undefined && count >= apiKeyQuota) {
    return yield* refuseWithCause(403, "You have reached the limit of API keys for your plan")
  }
  const key = yield* Effect.mapError(auth.create(name, grants.success), ({ message }) => refuseWithCause(422, message))
  return json(yield* toJson(key), 201)
})

type Answer<R> = Effect.Effect<HttpServerResponse.HttpServerResponse, Refusal | DatabaseError, R>

const onOne = <R>(use: (key: ApiKey) => Answer<R>) =>
  Effect.fnUntraced(function* (visit: Visit<ApiKey>) {
    const { name = "" } = yield* HttpRouter.params
    const key = (yield* visible(visit)).find((key) => key.name === name)
    return yield* key === undefined ? refuseWithCause(404, `API key not found: ${name}`) : use(key)
  })

const get = onOne((key) => Effect.map(toJson(key), (told) => json(told)))

const regenerate = onOne((key) =>
  Effect.gen(function* () {
    // Everybody knows the token of the public.
    if (key.type === "default") return yield* forbidden
    return json(yield* toJson(yield* (yield* Auth).regenerate(key)))
  })
)

const remove = onOne((key) =>
  Effect.gen(function* () {
    if (key.type !== "regular") return yield* forbidden
    yield* (yield* Auth).remove(key)
    return noContent
  })
)

/**
 * `target_user` names another member of the organization, whose keys its owner and the administrators may reach with
 * their master keys; with that member's services the rest is as for one's own.
 */
const onTarget = <R>(visit: Visit<ApiKey>, answer: Answer<R>) =>
  Effect.gen(function* () {
    const target = Params.text(visit.params, "target_user")
    const { me, organization, owner } = yield* Account
    if (target === undefined || target === me.username) return yield* answer
    if (organization === undefined || !me.org_admin || visit.key.type !== "master") return yield* forbidden
    const members = yield* Members
    const services = target === owner.username ? members.owner : yield* members.services(target)
    if (services === undefined) {
      return yield* refuseWithCause(404, `User '${target}' not found in the organization '${organization.name}'`)
    }
    return yield* Effect.provideContext(answer, services)
  })

/** Without the account feature "engine" nothing is here. */
const withEngine =
  <R>(handle: (visit: Visit<ApiKey>) => Answer<R>) =>
  (visit: Visit<ApiKey>) =>
    Effect.gen(function* () {
      const { engine } = yield* (yield* Plan).get
      if (!engine) return yield* missing
      return yield* onTarget(visit, handle(visit))
    })

/** The routes of API keys. */
export const routes = Layer.mergeAll(
  accountRoute("GET", "api_keys", known({}, withEngine(list))),
  accountRoute("POST", "api_keys", master({}, withEngine(create))),
  accountRoute("GET", "api_keys/:name", known({}, withEngine(get))),
  accountRoute("DELETE", "api_keys/:name", master({}, withEngine(remove))),
  accountRoute("POST", "api_keys/:name/token/regenerate", master({}, withEngine(regenerate)))
)
