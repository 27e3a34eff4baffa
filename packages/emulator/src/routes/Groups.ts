/**
 * `/api/v1/organization/{id}/groups`: groups of an organization and who is in them (platform reference, §14.5).
 *
 * The reference names the addresses and the object. What a request holds, how lists are wrapped, and the refusals are
 * our choice, by the example of the other endpoints.
 */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as Layer from "effect/Layer"
import * as Order from "effect/Order"
import * as Predicate from "effect/Predicate"
import { Catalog } from "../catalog/Catalog.ts"
import * as Params from "../Params.ts"
import { missing, Refusal, refuse } from "../Refusal.ts"
import { quoteLiteral } from "../SqlText.ts"
import { Account } from "../users/Account.ts"
import { type Group, Groups, groupName, groupObject } from "../users/Groups.ts"
import type { Organization } from "../users/Person.ts"
import { privateForm, publicForm } from "../users/userObject.ts"
import { accountRoute } from "./accountRoute.ts"
import { type Managed, managed, managers } from "./organization.ts"
import { directed, directions, readOneOf, readPage, slice } from "./paging.ts"
import { json, noContent } from "./platform.ts"

const isAskedFor = (params: Params.Params, name: string): boolean => Params.text(params, name) === "true"

/** How many datasets, or maps, are shared with a group. */
const shared = Effect.fnUntraced(function* (type: "table" | "derived", { id }: Group) {
  const entry = quoteLiteral(JSON.stringify([{ entity: id }]))
  return yield* (yield* Catalog).countAll(`v.type = '${type}' and v.acl @> ${entry}`)
})

/** Administrators see more of others. */
const usersOf = Effect.fnUntraced(function* ({ request }: Managed, { members }: Group) {
  const { me, people } = yield* Account
  const users = (yield* people).filter(({ id }) => members.includes(id))
  return yield* Effect.forEach(users, (person) => {
    const form = me.org_admin || me.id === person.id ? privateForm(request, person) : publicForm(request, person)
    const user: Effect.Effect<object, Effect.Error<typeof form>, Effect.Services<typeof form>> = form
    return user
  })
})

const toJson = Effect.fnUntraced(function* (visit: Managed, group: Group) {
  const { params } = visit
  return {
    ...groupObject(visit.organization.id, group),
    ...(isAskedFor(params, "fetch_users") ? { users: yield* usersOf(visit, group) } : {}),
    ...(isAskedFor(params, "fetch_shared_tables_count") ? { shared_tables_count: yield* shared("table", group) } : {}),
    ...(isAskedFor(params, "fetch_shared_maps_count") ? { shared_maps_count: yield* shared("derived", group) } : {})
  }
})

const orders = {
  name: Order.mapInput(Order.String, ({ name }: Group) => name),
  display_name: Order.mapInput(Order.String, ({ display_name }: Group) => display_name),
  updated_at: Order.mapInput(Order.Number, ({ updated_at }: Group) => updated_at)
}

const list = managed("id", (visit) =>
  Effect.gen(function* () {
    const { params } = visit
    const page = yield* readPage(params, { perPage: 50 })
    const order = yield* readOneOf(params, "order", ["name", "display_name", "updated_at"], { otherwise: "name" })
    const direction = yield* readOneOf(params, "order_direction", directions, { otherwise: "asc" })
    const q = Params.text(params, "q")?.toLowerCase()
    const groups = (yield* (yield* Groups).list)
      .filter(({ display_name }) => q === undefined || display_name.toLowerCase().includes(q))
      .toSorted(directed(orders[order], direction))
    return json({
      groups: yield* Effect.forEach(slice(groups, page), (group) => toJson(visit, group)),
      total_entries: groups.length
    })
  })
)

const named = Effect.gen(function* () {
  const { gid = "" } = yield* HttpRouter.params
  return (yield* (yield* Groups).list).find(({ id }) => id === gid) ?? (yield* missing)
})

const get = managed("id", (visit) =>
  Effect.gen(function* () {
    return json(yield* toJson(visit, yield* named))
  })
)

/** A display name that is no other group's. */
const readName = Effect.fnUntraced(function* (params: Params.Params, except?: string) {
  const name = Params.get(params, "display_name")
  if (!Predicate.isString(name) || name.trim() === "") return yield* refuse(422, ["display_name can't be blank"])
  const groups = yield* (yield* Groups).list
  return groups.some((group) => group.id !== except && group.name === groupName(name))
    ? yield* refuse(409, ["A group with that name already exists"])
    : name.trim()
})

const create = managers(({ organization, params }) =>
  Effect.gen(function* () {
    return json(groupObject(organization.id, yield* (yield* Groups).create(yield* readName(params))))
  })
)

const rename = managers(({ organization, params }) =>
  Effect.gen(function* () {
    const { id } = yield* named
    return json(groupObject(organization.id, yield* (yield* Groups).rename(id, yield* readName(params, id))))
  })
)

const remove = managers(() =>
  Effect.gen(function* () {
    yield* (yield* Groups).remove((yield* named).id)
    return noContent
  })
)

const members = managed("id", (visit) =>
  Effect.gen(function* () {
    const page = yield* readPage(visit.params, { perPage: 50 })
    const all = yield* usersOf(visit, yield* named)
    const users = slice(all, page)
    return json({ users, total_user_entries: all.length, total_entries: users.length })
  })
)

/** Ids of members: one in the path, or a list in the body. */
const readMembers = Effect.fnUntraced(function* (params: Params.Params, { name }: Organization) {
  const { uid } = yield* HttpRouter.params
  const sent = uid ?? Params.get(params, "users")
  const ids: ReadonlyArray<unknown> = Array.isArray(sent) ? sent : sent === undefined ? [] : [sent]
  if (ids.length === 0) return yield* refuse(422, ["users can't be blank"])
  const people = yield* (yield* Account).people
  return yield* Effect.forEach(ids, (id) => {
    const person = people.find((one) => one.id === id)
    return person === undefined
      ? Effect.fail(new Refusal({ status: 404, body: { errors: [`No user with id '${id}' in '${name}'`] } }))
      : Effect.succeed(person.id)
  })
})

const changeMembers = (change: "join" | "leave") =>
  managers((visit) =>
    Effect.gen(function* () {
      const { id } = yield* named
      const groups = yield* Groups
      const group = yield* groups[change](id, yield* readMembers(visit.params, visit.organization))
      return json({ ...groupObject(visit.organization.id, group), users: yield* usersOf(visit, group) })
    })
  )

const groups = "organization/:org/groups"

/** The routes of groups. */
export const routes = Layer.mergeAll(
  accountRoute("GET", groups, list),
  accountRoute("POST", groups, create),
  accountRoute("GET", `${groups}/:gid`, get),
  accountRoute("PUT", `${groups}/:gid`, rename),
  accountRoute("DELETE", `${groups}/:gid`, remove),
  accountRoute("GET", `${groups}/:gid/users`, members),
  accountRoute("POST", `${groups}/:gid/users`, changeMembers("join")),
  accountRoute("POST", `${groups}/:gid/users/:uid`, changeMembers("join")),
  accountRoute("DELETE", `${groups}/:gid/users`, changeMembers("leave")),
  accountRoute("DELETE", `${groups}/:gid/users/:uid`, changeMembers("leave"))
)
