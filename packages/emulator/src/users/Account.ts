/** Who the account belongs to, and the organization around it. */
import { randomBytes } from "node:crypto"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import * as Schema from "effect/Schema"
import { Auth, ownHome } from "../Auth.ts"
import { Database, type DatabaseError } from "../Database.ts"
import { quoteLiteral } from "../SqlText.ts"
import { stateSchema } from "../sql/state.ts"
import { type Organization, Person, type PersonChanges } from "./Person.ts"
import { schema } from "./schema.ts"
import { serviceQuotas } from "./serviceQuotas.ts"

/** An organization that the account owns. */
export interface OrganizationOptions {
  readonly name: string
  /** Users that may be in it, the owner included; 10 unless told. */
  readonly seats?: number | undefined
  /** Users that may only look; 10 unless told. */
  readonly viewerSeats?: number | undefined
  /** To share among its members; 1 TB unless told. */
  readonly quotaInBytes?: number | undefined
}

export interface AccountOptions {
  /** None unless told: then the account is an individual's. */
  readonly organization?: OrganizationOptions | undefined
}

/**
 * Accounts that are not `active` are refused nearly everything (platform reference, §2.5). A deleted one is gone until
 * the emulator starts anew, which makes it anew.
 */
export type AccountState = "active" | "locked" | "maintenance" | "unverified" | "inactive" | "deleted"

/** Who is asked: the account, or at the address of a member of its organization that member. */
export class Account extends Context.Service<
  Account,
  {
    /** As it is now. */
    readonly me: Person
    /** Who the emulator was started for, and the owner of its organization. */
    readonly owner: Person
    readonly organization: Organization | undefined
    readonly state: Effect.Effect<AccountState>
    readonly setState: (state: AccountState) => Effect.Effect<void>
    /** The owner first, then who else is there by now, in the order of their making. */
    readonly people: Effect.Effect<ReadonlyArray<Person>, DatabaseError>
    /** Everybody who has a name, those included that the server has not made yet. */
    readonly names: Effect.Effect<ReadonlyArray<Person>, DatabaseError>
    /** Returns at once; the user is there a second later, as the platform makes users in the background. */
    readonly add: (
      username: string,
      person: PersonChanges & { readonly email: string; readonly password_hash: string }
    ) => Effect.Effect<Person, DatabaseError>
    /** The person as it is then. */
    readonly update: (id: string, changes: PersonChanges) => Effect.Effect<Person, DatabaseError>
    /** With the tables, maps and keys. */
    readonly remove: (id: string) => Effect.Effect<void, DatabaseError>
  }
>()("carto-emulator/Account") {
  static readonly layer = (options: AccountOptions) => Layer.effect(Account, make(options))
}

/** How long the server works at a new user. */
export const creationTime = Duration.seconds(1)

const terabyte = 1_099_511_627_776

const table = `${stateSchema}.users`

const decodePeople = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ person: Schema.fromJsonString(Person) })))
const decodeOrganizations = Schema.decodeUnknownEffect(
  Schema.Tuple([Schema.Struct({ id: Schema.String, created_at: Schema.FiniteFromString })])
)

type Value = NonNullable<PersonChanges[keyof PersonChanges]> | number

const literal = (value: Value): string =>
  quoteLiteral(typeof value === "object" ? JSON.stringify(value) : String(value))

// A key that was regenerated is the keys' own.
const currentKey = `coalesce(
  (select token from ${stateSchema}.api_keys k where k.account = u.username and k.type = 'master'), u.api_key)`

const make = Effect.fnUntraced(function* ({ organization: asked }: AccountOptions) {
  const database = yield* Database
  const auth = yield* Auth
  const account = quoteLiteral(auth.user)
  const now = yield* Clock.currentTimeMillis

  const select = (condition: string) =>
    database
      .rows(
        `select (to_jsonb(u) || jsonb_build_object('api_key', ${currentKey}))::text as person from ${table} u where account = ${account} and ${condition} order by place`
      )
      .pipe(
        Effect.flatMap((rows) => Effect.orDie(decodePeople(rows))),
        Effect.map((rows) => rows.map(({ person }) => person))
      )

  const insert = (values: Readonly<Record<string, Value | null | undefined>>) => {
    const given = Object.entries(values).flatMap(([name, value]) =>
      value === undefined || value === null ? [] : [[name, value] as const]
    )
    return `insert into ${table} (account, ${given.map(([name]) => name).join(", ")})
      values (${account}, ${given.map(([, value]) => literal(value)).join(", ")})`
  }

  const own = { username: auth.user, email: `${auth.user}@example.com`, created_at: now, ready_at: now }
  yield* database.rows(`${schema} ${serviceQuotas} ${insert(own)} on conflict (account, username) do nothing`)
  const [me] = yield* select(`username = ${account}`)
  if (me === undefined) return yield* Effect.die(new Error("the account has no user"))

  const organization = yield* Effect.gen(function* () {
    if (asked === undefined) return undefined
    const [{ created_at, id }] = yield* database
      .rows(
        `insert into ${stateSchema}.organizations (account, created_at) values (${account}, ${now})
         on conflict (account) do update set account = excluded.account returning id, created_at`
      )
      .pipe(Effect.flatMap((rows) => Effect.orDie(decodeOrganizations(rows))))
    const { name, quotaInBytes = terabyte, seats = 10, viewerSeats = 10 } = asked
    return { id, name, quotaInBytes, seats, viewerSeats, createdAt: created_at }
  })
  const state = yield* Ref.make<AccountState>("active")
  const asOwner = (person: Person): Person => ({ ...person, org_admin: organization !== undefined })
  let owner = asOwner(me)

  if (organization !== undefined) {
    // Members of a database that an older emulator made have no tables of their own yet.
    yield* database.rows(`select ${stateSchema}.join_role(${quoteLiteral(organization.id)}, ${quoteLiteral(me.id)});
      select ${stateSchema}.make_home(id) from ${table} where account = ${account} and username <> account and role is null`)
  }

  const known = (person: Person) => (person.id === owner.id ? asOwner(person) : person)

  const members = (condition: string) =>
    Effect.map(select(`(username = ${account} or ${organization !== undefined} and ${condition})`), (people) =>
      people.map(known)
    )

  return Account.of({
    get me() {
      return owner
    },
    get owner() {
      return owner
    },
    organization,
    state: Ref.get(state),
    setState: (next) => Ref.set(state, next),
    people: Effect.flatMap(Clock.currentTimeMillis, (now) => members(`ready_at <= ${now}`)),
    names: members("true"),
    add: Effect.fn("Account.add")(function* (username, person) {
      const now = yield* Clock.currentTimeMillis
      const api_key = randomBytes(16).toString("base64url")
      const ready_at = now + Duration.toMillis(creationTime)
      yield* database.rows(`${insert({ ...person, username, api_key, created_at: now, ready_at })};
        select ${stateSchema}.make_home(id) from ${table}
        where account = ${account} and username = ${quoteLiteral(username)}`)
      const [added] = yield* select(`username = ${quoteLiteral(username)}`)
      return added ?? (yield* Effect.die(new Error("an insert left no row")))
    }),
    update: Effect.fn("Account.update")(function* (id, changes) {
      const set = Object.entries(changes).flatMap(([name, value]) =>
        value === undefined || value === null
          ? []
          : // Of two changes at once neither takes back what the other told.
            [`${name} = ${name === "profile" ? "profile || " : ""}${literal(value)}`]
      )
      if (set.length > 0) {
        yield* database.rows(`update ${table} set ${set.join(", ")} where id = ${quoteLiteral(id)};
          select ${stateSchema}.set_viewer(${quoteLiteral(id)})`)
      }
      const [changed] = yield* select(`id = ${quoteLiteral(id)}`)
      if (changed === undefined) return yield* Effect.die(new Error("the user is gone"))
      const person = known(changed)
      if (id === owner.id) owner = person
      return person
    }),
    remove: Effect.fn("Account.remove")(function* (id) {
      if (id !== owner.id) {
        yield* database.rows(`select ${stateSchema}.drop_home(${quoteLiteral(id)})`)
        return
      }
      yield* database.rows(`select ${stateSchema}.empty_home('${ownHome.schema}', '${ownHome.role}', ${account});
        delete from ${table} where id = ${quoteLiteral(id)}`)
      yield* Ref.set(state, "deleted")
    })
  })
})
