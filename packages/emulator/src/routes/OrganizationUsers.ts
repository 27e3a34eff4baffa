/** `/api/v1` and `/api/v2/organization/{org}/users`: the organization's user management (platform reference, §14.5). */
import * as Effect from "effect/Effect"
import * as HttpRouter from "effect/http/HttpRouter"
import type * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Order from "effect/Order"
import type { ApiKey } from "../Auth.ts"
import type { DatabaseError } from "../Database.ts"
import * as Params from "../Params.ts"
import { Refusal } from "../Refusal.ts"
import { Account } from "../users/Account.ts"
import { organizationObject } from "../users/organizationObject.ts"
import type { Organization, Person } from "../users/Person.ts"
import { readNewPerson, readPersonChanges } from "../users/readPerson.ts"
import { managedForm, privateForm } from "../users/userObject.ts"
import { accountRoute } from "./accountRoute.ts"
import { missingHere } from "./notImplemented.ts"
import { directed, readOneOf, readPage, slice } from "./paging.ts"
import { json, master, text, type Visit } from "./platform.ts"

type Answer<R> = Effect.Effect<HttpServerResponse.HttpServerResponse, Refusal | DatabaseError, R>

/** Not this organization's owner (E14). */
const stranger = new Refusal({ status: 401, body: {} })

interface Managed extends Visit<ApiKey> {
  readonly organization: Organization
}

/** The organization by its id or, unless only that will do, by its name. */
const managed = <R>(by: "id" | "any", handle: (visit: Managed) => Answer<R>) =>
  master({}, (visit) =>
    Effect.gen(function* () {
      const { organization } = yield* Account
      const { org } = yield* HttpRouter.params
      const isIt = organization?.id === org || (by === "any" && organization?.name === org)
      return yield* organization !== undefined && isIt ? handle({ ...visit, organization }) : Effect.fail(stranger)
    })
  )

const onOne = <R>(use: (visit: Managed, person: Person) => Answer<R>) =>
  managed("any", (visit) =>
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

const listAll = managed("any", ({ request }) =>
  Effect.gen(function* () {
    const people = yield* (yield* Account).people
    return json(yield* Effect.forEach(people, (person) => managedForm(request, person)))
  })
)

const orders = {
  username: Order.mapInput(Order.String, ({ username }: Person) => username),
  updated_at: Order.mapInput(Order.Number, ({ created_at }: Person) => created_at)
}

const listPage = managed("id", ({ params, request }) =>
  Effect.gen(function* () {
    const page = yield* readPage(params, { perPage: 50 })
    const order = yield* readOneOf(params, "order", ["username", "updated_at"], { otherwise: "username" })
    const direction = yield* readOneOf(params, "order_direction", ["asc", "desc"], { otherwise: "asc" })
    const q = Params.text(params, "q")
    const people = (yield* (yield* Account).people)
      .filter(({ email, username }) => q === undefined || username.includes(q) || email === q)
      .toSorted(directed(orders[order], direction))
    const users = yield* Effect.forEach(slice(people, page), (person) => privateForm(request, person))
    return json({ users, total_user_entries: people.length, total_entries: users.length })
  })
)

/** Version 1 of the list is for every member, page by page; version 2 is the management's. */
const list = Effect.flatMap(HttpRouter.params, ({ version }) => (version === "v1" ? listPage : listAll))

const create = managed("any", ({ organization, params, request }) =>
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
    yield* (yield* Account).update(person.id, changes)
    return json(yield* managedForm(request, { ...person, ...changes }))
  })
)

const remove = onOne((_visit, person) =>
  Effect.gen(function* () {
    const account = yield* Account
    if (person.id === account.me.id) return yield* new Refusal({ status: 401, body: "Can't delete org owner" })
    yield* account.remove(person.id)
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
  accountRoute("DELETE", "organization/:org/users/:username", remove),
  accountRoute("*", "organization/:org/groups/*", missingHere("groups of an organization"))
)
