/** Groups of the organization: with whom something is shared at once, each a PostgreSQL role that its members have. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Database, type DatabaseError } from "../Database.ts"
import { quoteLiteral } from "../SqlText.ts"
import { stateSchema } from "../sql/state.ts"
import { Account } from "./Account.ts"
import type { Person } from "./Person.ts"

export const Group = Schema.Struct({
  id: Schema.String,
  /** Made of the other. */
  name: Schema.String,
  display_name: Schema.String,
  /** Ids of users. */
  members: Schema.Array(Schema.String),
  /** Milliseconds since the epoch. */
  updated_at: Schema.Int
})
export type Group = typeof Group.Type

/** Groups of the owner's organization. Who leaves one has no more rights by it from then on. */
export class Groups extends Context.Service<
  Groups,
  {
    /** In the order of their making. */
    readonly list: Effect.Effect<ReadonlyArray<Group>, DatabaseError>
    readonly create: (displayName: string) => Effect.Effect<Group, DatabaseError>
    readonly rename: (id: string, displayName: string) => Effect.Effect<Group, DatabaseError>
    readonly remove: (id: string) => Effect.Effect<void, DatabaseError>
    readonly join: (id: string, members: ReadonlyArray<string>) => Effect.Effect<Group, DatabaseError>
    readonly leave: (id: string, members: ReadonlyArray<string>) => Effect.Effect<Group, DatabaseError>
  }
>()("carto-emulator/Groups") {
  static readonly layer = Layer.effect(
    Groups,
    Effect.suspend(() => make())
  )
}

/** The name behind a group's display name: letters, digits and underscores, with a letter first. */
export const groupName = (displayName: string): string => {
  const name = displayName.trim().replace(/\s+/g, "_").replace(/\W/g, "")
  return /^[a-z_]/i.test(name) ? name : `g_${name}`
}

const decode = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ group: Schema.fromJsonString(Group) })))

const table = `${stateSchema}.groups`

const make = Effect.fnUntraced(function* () {
  const database = yield* Database
  const account = quoteLiteral((yield* Account).owner.username)

  const select = Effect.fnUntraced(function* (condition: string) {
    const rows = yield* database.rows(`select (to_jsonb(g) || jsonb_build_object('members', (
        select coalesce(jsonb_agg(m.user_id), '[]') from ${stateSchema}.group_members m where m.group_id = g.id
      )))::text as group
      from ${table} g where account = ${account} and ${condition} order by place`)
    return (yield* Effect.orDie(decode(rows))).map(({ group }) => group)
  })

  const one = Effect.fnUntraced(function* (condition: string) {
    const [group] = yield* select(condition)
    return group ?? (yield* Effect.die(new Error("a group was not kept")))
  })

  const onMembers = (
    id: string,
    members: ReadonlyArray<string>,
    change: (group: string, member: string) => ReadonlyArray<string>
  ) =>
    Effect.gen(function* () {
      const group = quoteLiteral(id)
      const touched = `update ${table} set updated_at = ${yield* Clock.currentTimeMillis} where id = ${group}`
      const statements = members.flatMap((member) => change(group, quoteLiteral(member)))
      yield* database.rows([touched, ...statements, `select ${stateSchema}.share_tables()`].join(";\n"))
      return yield* one(`id = ${group}`)
    })

  return Groups.of({
    list: select("true"),
    create: Effect.fn("Groups.create")(function* (displayName) {
      const now = yield* Clock.currentTimeMillis
      const name = quoteLiteral(groupName(displayName))
      yield* database.rows(`insert into ${table} (account, name, display_name, created_at, updated_at)
          values (${account}, ${name}, ${quoteLiteral(displayName)}, ${now}, ${now});
        select ${stateSchema}.make_role(role) from ${stateSchema}.identities
          where id = (select id from ${table} where account = ${account} and name = ${name})`)
      return yield* one(`name = ${name}`)
    }),
    rename: Effect.fn("Groups.rename")(function* (id, displayName) {
      yield* database.rows(`update ${table} set name = ${quoteLiteral(groupName(displayName))},
        display_name = ${quoteLiteral(displayName)}, updated_at = ${yield* Clock.currentTimeMillis}
        where id = ${quoteLiteral(id)}`)
      return yield* one(`id = ${quoteLiteral(id)}`)
    }),
    remove: Effect.fn("Groups.remove")((id) =>
      database.rows(`select ${stateSchema}.drop_role(role) from ${stateSchema}.identities where id = ${quoteLiteral(id)};
        delete from ${table} where id = ${quoteLiteral(id)};
        select ${stateSchema}.share_tables()`)
    ),
    join: Effect.fn("Groups.join")((id, members) =>
      onMembers(id, members, (group, member) => [
        `insert into ${stateSchema}.group_members values (${group}, ${member}) on conflict do nothing`,
        `select ${stateSchema}.join_role(${group}, ${member})`
      ])
    ),
    leave: Effect.fn("Groups.leave")((id, members) =>
      onMembers(id, members, (group, member) => [
        `delete from ${stateSchema}.group_members where group_id = ${group} and user_id = ${member}`,
        `select ${stateSchema}.leave_role(${group}, ${member})`
      ])
    )
  })
})

/** A group as it is shown beside other things. */
export const groupObject = (organizationId: string, { display_name, id, name }: Group) => ({
  id,
  organization_id: organizationId,
  name,
  display_name
})

/** Those of an organization's groups that a person is in. */
export const groupsWith = (organizationId: string, groups: ReadonlyArray<Group>, { id }: Person) =>
  groups.filter(({ members }) => members.includes(id)).map((group) => groupObject(organizationId, group))

/** The groups that a person is in. */
export const groupsOf = Effect.fnUntraced(function* (person: Person) {
  const { organization } = yield* Account
  return organization === undefined ? [] : groupsWith(organization.id, yield* (yield* Groups).list, person)
})
