/** `/api/v1/perm`: with whom something is shared, and with whom it can be (platform reference, §10). */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as Layer from "effect/Layer"
import * as Order from "effect/Order"
import { readAcl } from "../catalog/acl.ts"
import { Catalog } from "../catalog/Catalog.ts"
import { permissionObject } from "../catalog/objects.ts"
import { isUuid } from "../catalog/Visualization.ts"
import { makeView } from "../catalog/view.ts"
import * as Params from "../Params.ts"
import { missing, Refusal, unauthorized } from "../Refusal.ts"
import { quoteLiteral } from "../SqlText.ts"
import { Account } from "../users/Account.ts"
import * as Entities from "../users/entities.ts"
import { groupsOf } from "../users/Groups.ts"
import { accountRoute } from "./accountRoute.ts"
import { readOneOf, readPage, slice } from "./paging.ts"
import { json, master, type Visit } from "./platform.ts"

/** Replaces the whole list; without one everything is unshared. */
const replace = Effect.fnUntraced(function* (visit: Visit) {
  const catalog = yield* Catalog
  const { id = "" } = yield* HttpRouter.params
  if (!isUuid(id)) return yield* missing
  const [visualization] = yield* catalog.select(`where permission_id = ${quoteLiteral(id)}`)
  if (visualization === undefined) {
    const isShared = (yield* catalog.totals(`permission_id = ${quoteLiteral(id)}`)).shared > 0
    return yield* isShared ? unauthorized : missing
  }
  const viewers = (yield* (yield* Account).people).filter(({ viewer }) => viewer).map((person) => person.id)
  const acl = yield* readAcl(visit.params.body.get("acl"), visualization, (entity) => viewers.includes(entity))
  const shared_at = yield* Clock.currentTimeMillis
  const shared = (yield* catalog.update(visualization.id, { acl, shared_at })) ?? visualization
  const { owner, ...permission } = permissionObject(yield* makeView(visit, [shared]), shared)
  return json({ ...permission, owner: { ...owner, groups: yield* groupsOf((yield* Account).me) } })
})

type Entity = Entities.Entity

const byName = Order.mapInput(Order.String, ({ name }: Entity) => name)

/** Of one organization all are. */
const orders = {
  id: Order.mapInput(Order.String, ({ id }: Entity) => id),
  name: byName,
  type: Order.mapInput(Order.String, ({ type }: Entity) => type),
  avatar_url: Order.mapInput(Order.String, ({ avatarUrl }: Entity) => avatarUrl ?? ""),
  organization_id: byName,
  updated_at: Order.mapInput(Order.Number, ({ updatedAt }: Entity) => updatedAt)
}

const orderNames = ["id", "name", "type", "avatar_url", "organization_id", "updated_at"] as const

const refusal = (text: string): Refusal => new Refusal({ status: 400, body: { error: text } })

/** Users and groups whom something can be shared with, by name: everybody but oneself. */
const grantables = Effect.fnUntraced(function* (visit: Visit) {
  const { params, request } = visit
  const { organization: asked = "" } = yield* HttpRouter.params
  const { me, organization } = yield* Account
  if (organization === undefined || organization.id !== asked) return yield* new Refusal({ status: 401, body: {} })
  const page = yield* readPage(params, { perPage: 20, refusal })
  const order = yield* readOneOf(params, "order", orderNames, { otherwise: "name", refusal })
  const text = (Params.text(params, "q") ?? "").toLowerCase()
  const found = (yield* Entities.entities(request)).filter(
    ({ id, name, type }) => type !== "org" && id !== me.id && name.toLowerCase().includes(text)
  )
  const sorted = found.toSorted(Order.combine(orders[order], byName))
  return json({
    grantables: slice(sorted, page).map(({ avatarUrl, id, model, name, type }) => ({
      id,
      type,
      name,
      avatar_url: avatarUrl,
      model
    })),
    total_entries: sorted.length
  })
})

/** The routes of permissions. */
export const routes = Layer.mergeAll(
  accountRoute("PUT", "perm/:id", master({}, replace)),
  accountRoute("GET", "organization/:organization/grantables", master({}, grantables))
)
