/** With whom something can be shared (platform reference, §10). */
import * as Effect from "effect/Effect"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import { Account } from "./Account.ts"
import { Groups, groupObject, groupsWith } from "./Groups.ts"
import { publicForm } from "./userObject.ts"

export interface Entity {
  readonly type: "user" | "org" | "group"
  readonly id: string
  readonly name: string
  readonly avatarUrl: string | null
  /** Milliseconds since the epoch. */
  readonly updatedAt: number
  /** As it is shown in a list of permissions. */
  readonly object: Readonly<Record<string, unknown>>
  /** As it is shown in a list of those to share with: users with their groups, groups with their users. */
  readonly model: Readonly<Record<string, unknown>>
}

/** The members of the organization, its groups, and itself. */
export const entities = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
  const { organization, people } = yield* Account
  const none: ReadonlyArray<Entity> = []
  if (organization === undefined) return none
  const { createdAt, id, name } = organization
  const known = yield* (yield* Groups).list
  const users = yield* Effect.forEach(yield* people, (person) =>
    Effect.map(
      publicForm(request, person),
      (object): Entity => ({
        type: "user",
        id: person.id,
        name: person.username,
        avatarUrl: object.avatar_url,
        updatedAt: person.created_at,
        object,
        model: { ...object, groups: groupsWith(id, known, person) }
      })
    )
  )
  const groups = known.map((group): Entity => {
    const members = users.filter((user) => group.members.includes(user.id))
    return {
      type: "group",
      id: group.id,
      name: group.name,
      avatarUrl: null,
      updatedAt: group.updated_at,
      object: { id: group.id, name: group.name },
      model: { ...groupObject(id, group), users: members.map(({ object }) => object) }
    }
  })
  const object = { id, name, avatar_url: null }
  const all: Entity = { type: "org", id, name, avatarUrl: null, updatedAt: createdAt, object, model: object }
  return [...users, ...groups, all]
})
