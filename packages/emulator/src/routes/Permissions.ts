/** `/api/v1/perm`: with whom something is shared, and with whom it can be (platform reference, §10). */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as Layer from "effect/Layer"
import * as Predicate from "effect/Predicate"
import { readAcl } from "../catalog/acl.ts"
import { Catalog } from "../catalog/Catalog.ts"
import { permissionObject } from "../catalog/objects.ts"
import { isUuid } from "../catalog/Visualization.ts"
import { makeView } from "../catalog/view.ts"
import * as Params from "../Params.ts"
import { missing, Refusal } from "../Refusal.ts"
import { quoteLiteral } from "../SqlText.ts"
import { Account } from "../users/Account.ts"
import * as Entities from "../users/entities.ts"
import { accountRoute } from "./accountRoute.ts"
import { readPage, slice, wrong } from "./paging.ts"
import { json, master, type Visit } from "./platform.ts"

/** Replaces the whole list; without one everything is unshared. */
const replace = Effect.fnUntraced(function* (visit: Visit) {
  const catalog = yield* Catalog
  const { id = "" } = yield* HttpRouter.params
  if (!isUuid(id)) return yield* missing
  const [visualization] = yield* catalog.select(`where permission_id = ${quoteLiteral(id)}`)
  if (visualization === undefined) return yield* missing
  const viewers = (yield* (yield* Account).people).filter(({ viewer }) => viewer).map((person) => person.id)
  const acl = yield* readAcl(visit.params.body.get("acl"), visualization, (entity) => viewers.includes(entity))
  const shared_at = yield* Clock.currentTimeMillis
  const shared = (yield* catalog.update(visualization.id, { acl, shared_at })) ?? visualization
  const { owner, ...permission } = permissionObject(yield* makeView(visit, [shared]), shared)
  return json({ ...permission, owner: { ...owner, groups: [] } })
})

const orders = ["id", "name", "type", "avatar_url", "organization_id", "updated_at"]

const refusal = (text: string): Refusal => new Refusal({ status: 400, body: { error: text } })

/** Users whom something can be shared with, by name. The emulator's organizations have no groups. */
const grantables = Effect.fnUntraced(function* (visit: Visit) {
  const { params, request } = visit
  const { organization: asked = "" } = yield* HttpRouter.params
  const { organization } = yield* Account
  if (organization === undefined || organization.id !== asked) return yield* new Refusal({ status: 401, body: {} })
  const page = yield* readPage(params, { perPage: 20, refusal })
  const order = Params.text(params, "order") ?? "name"
  if (!orders.includes(order)) return yield* refusal(wrong("order", orders))
  const text = (Params.text(params, "q") ?? "").toLowerCase()
  const users = (yield* Entities.grantables(request)).filter(
    ({ name, type }) => type === "user" && name.toLowerCase().includes(text)
  )
  const key = ({ id, name }: Entities.Entity): string => (order === "id" ? id : name)
  const sorted = users.toSorted((a, b) => (key(a) < key(b) ? -1 : 1))
  return json({
    grantables: slice(sorted, page).map(({ id, name, object, type }) => ({
      id,
      type,
      name,
      avatar_url: null,
      model: { ...(Predicate.isObject(object) ? object : {}), groups: [] }
    })),
    total_entries: sorted.length
  })
})

/** The routes of permissions. */
export const routes = Layer.mergeAll(
  accountRoute("PUT", "perm/:id", master({}, replace)),
  accountRoute("GET", "organization/:organization/grantables", master({}, grantables))
)
