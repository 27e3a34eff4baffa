/** `/api/v1` and `/api/v2/organization/{org}/users`: the organization's user management (platform reference, §14.5). */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import * as Layer from "effect/Layer"
import * as Order from "effect/Order"
import { Catalog } from "../catalog/Catalog.ts"
import * as Params from "../Params.ts"
import { Refusal } from "../Refusal.ts"
import { quoteLiteral } from "../SqlText.ts"
import { Account } from "../users/Account.ts"
import { Groups, groupsWith } from "../users/Groups.ts"
import { Members } from "../users/Members.ts"
import { organizationObject } from "../users/organizationObject.ts"
import type { Person } from "../users/Person.ts"
import { readNewPerson, readPersonChanges } from "../users/readPerson.ts"
import { managedForm, privateForm, publicForm } from "../users/userObject.ts"
import { accountRoute } from "./accountRoute.ts"
import { type Answer, type Managed, managed, managers } from "./organization.ts"
import { directed, readOneOf, readPage, slice } from "./paging.ts"
import { json, master, text } from "./platform.ts"

const onOne = <R>(use: (visit: Managed, person: Person) => Answer<R>) =>
  managers((visit) =>
    Effect.gen(function* () {
      const { username = "" } = yield* HttpRouter.params
      const person = (yield* (yield* Account).people).find((person) => person.username === username)
      if (person === undefined) {
        const said = `No user with username '${username}' in '${visit.organization.name}'`
        return yield* new Refusal({ status: 404, body: said })
      }
      return yield* use(visit, person)
    })
  )

const listAll = managers(({ request }) =>
  Effect.gen(function* () {
    const people = yield* (yield* Account).people
    return json(yield* Effect.forEach(people, (person) => managedForm(request, person)))
  })
)

const orders = {
  username: Order.mapInput(Order.String, ({ username }: Person) => username),
  updated_at: Order.mapInput(Order.Number, ({ created_at }: Person) => created_at)
}

const listPage = managed("id", ({ organization, params, request }) =>
  Effect.gen(function* () {
    const page = yield* readPage(params, { perPage: 50 })
    const order = yield* readOneOf(params, "order", ["username", "updated_at"], { otherwise: "username" })
    const direction = yield* readOneOf(params, "order_direction", ["asc", "desc"], { otherwise: "asc" })
    const q = Params.text(params, "q")
    const people = (yield* (yield* Account).people)
      .filter(({ email, username }) => q === undefined || username.includes(q) || email === q)
      .toSorted(directed(orders[order], direction))
    const { me } = yield* Account
    const groups = yield* (yield* Groups).list
    const users = yield* Effect.forEach(
      slice(people, page),
      Effect.fnUntraced(function* (person) {
        const isShown = me.org_admin || person.id === me.id
        const user: Readonly<Record<string, unknown>> = isShown
          ? yield* privateForm(request, person)
          : yield* publicForm(request, person)
        return { ...user, groups: groupsWith(organization.id, groups, person) }
      })
    )
    return json({ users, total_user_entries: people.length, total_entries: users.length })
  })
)

/** Version 1 of the list is for every member, page by page; version 2 is the management's. */
const list = Effect.flatMap(HttpRouter.params, ({ version }) => (version === "v1" ? listPage : listAll))

const create = managers(({ organization, params, request }) =>
  Effect.gen(function* () {
    const { username, ...person } = yield* readNewPerson(organization, params)
    const added = yield* (yield* Account).add(username, person)
    // The job that makes the user has yet to run.
    return json({ ...(yield* managedForm(request, added)), db_size_in_bytes: null, api_key: null })
  })
)

const get = onOne(({ request }, person) => Effect.map(managedForm(request, person), (user) => json(user)))

const update = onOne(({ organization, params, request }, person) =>
  Effect.gen(function* () {
    const changes = yield* readPersonChanges(organization, params, person)
    return json(yield* managedForm(request, yield* (yield* Account).update(person.id, changes)))
  })
)

/** Whoever shares something is kept, unless `force` has a value. */
const remove = onOne(({ params }, person) =>
  Effect.gen(function* () {
    const { owner } = yield* Account
    if (person.id === owner.id) return yield* new Refusal({ status: 401, body: "Can't delete org owner" })
    const shares = yield* (yield* Catalog).countAll(`v.schema = ${quoteLiteral(person.username)} and v.acl <> '[]'`)
    if (shares > 0 && Params.text(params, "force") === undefined) {
      return yield* new Refusal({ status: 401, body: "Can't delete user. Has shared entities" })
    }
    yield* (yield* Members).remove(person.id)
    return text("User deleted")
  })
)

const ownOrganization = master({}, () =>
  Effect.gen(function* () {
    const { organization } = yield* Account
    return json(organization === undefined ? {} : yield* organizationObject(organization))
  })
)

/** The routes of the organization. */
export const routes = Layer.mergeAll(
  accountRoute("GET", "org", ownOrganization),
  accountRoute("GET", "organization/:org/users", list),
  accountRoute("POST", "organization/:org/users", create),
  accountRoute("GET", "organization/:org/users/:username", get),
  accountRoute("PUT", "organization/:org/users/:username", update),
  accountRoute("DELETE", "organization/:org/users/:username", remove)
)
