/** With whom the account can share. */
import * as Effect from "effect/Effect"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import { Account } from "./Account.ts"
import { publicForm } from "./userObject.ts"

export interface Entity {
  readonly type: "user" | "org" | "group"
  readonly id: string
  readonly name: string
  /** A PostgreSQL role to grant to; members have none, as only the account's own addresses are served. */
  readonly role: string | undefined
  /** As it is shown in a list of permissions. */
  readonly object: unknown
}

/** The organization as a whole, and the members that are not the account itself. */
export const grantables = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
  const { me, organization, people } = yield* Account
  const none: ReadonlyArray<Entity> = []
  if (organization === undefined) return none
  const { id, name } = organization
  const others = (yield* people).filter((person) => person.id !== me.id)
  const members = yield* Effect.forEach(others, (person) =>
    Effect.map(
      publicForm(request, person),
      (object): Entity => ({ type: "user", id: person.id, name: person.username, role: undefined, object })
    )
  )
  const all: Entity = { type: "org", id, name, role: undefined, object: { id, name, avatar_url: null } }
  return [...members, all]
})

/** One of them by its id. */
export const entity = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest, id: string) {
  return (yield* grantables(request)).find((one) => one.id === id)
})
