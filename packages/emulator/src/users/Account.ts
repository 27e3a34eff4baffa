/** Who the account belongs to, and the organization around it. */
import { randomBytes } from "node:crypto"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import * as Schema from "effect/Schema"
import { Auth } from "../Auth.ts"
import { Database, type DatabaseError } from "../Database.ts"
import { quoteLiteral } from "../SqlText.ts"
import { stateSchema } from "../sql/state.ts"
import { type Organization, Person, type PersonChanges } from "./Person.ts"
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

/** Accounts that are not `active` are refused nearly everything (platform reference, §2.5). */
export type AccountState = "active" | "locked" | "maintenance" | "unverified" | "inactive"

/**
 * The account, and the other members of its organization.
 *
 * Members are kept in the database. They have no data of their own here: only the account's addresses are served.
 */
export class Account extends Context.Service<
  Account,
  {
    readonly me: Person
    readonly organization: Organization | undefined
    readonly state: Effect.Effect<AccountState>
    readonly setState: (state: AccountState) => Effect.Effect<void>
    /** The account first, then who else is there by now, in the order of their making. */
    readonly people: Effect.Effect<ReadonlyArray<Person>, DatabaseError>
    /** Everybody who has a name, those included that the server has not made yet. */
    readonly names: Effect.Effect<ReadonlyArray<Person>, DatabaseError>
    /** Returns at once; the user is there a second later, as the platform makes users in the background. */
    readonly add: (
      username: string,
      person: PersonChanges & { readonly email: string }
    ) => Effect.Effect<Person, DatabaseError>
    readonly update: (id: string, changes: PersonChanges) => Effect.Effect<void, DatabaseError>
    readonly remove: (id: string) => Effect.Effect<void, DatabaseError>
  }
>()("carto-emulator/Account") {
  static readonly layer = (options: AccountOptions) => Layer.effect(Account, make(options))
}

/** How long the server works at a new user. */
export const creationTime = Duration.seconds(1)

const defaultQuota = 104_857_600
const terabyte = 1_099_511_627_776

const table = `${stateSchema}.users`

const tables = `
create table if not exists ${table} (
  place integer generated always as identity,
  account text not null,
  id uuid primary key default gen_random_uuid(),
  username text not null,
  email text not null,
  quota_in_bytes bigint not null default ${defaultQuota},
  soft_geocoding_limit boolean not null default false,
  soft_here_isolines_limit boolean not null default false,
  soft_twitter_datasource_limit boolean not null default false,
  soft_mapzen_routing_limit boolean not null default false,
  viewer boolean not null default false,
  org_admin boolean not null default false,
  api_key text,
  created_at bigint not null,
  ready_at bigint not null,
  unique (account, username)
);
create table if not exists ${stateSchema}.organizations (
  account text primary key,
  id uuid not null default gen_random_uuid(),
  created_at bigint not null
);`

const decodePeople = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ person: Schema.fromJsonString(Person) })))
const decodeOrganizations = Schema.decodeUnknownEffect(
  Schema.Tuple([Schema.Struct({ id: Schema.String, created_at: Schema.FiniteFromString })])
)

const literal = (value: string | number | boolean): string => quoteLiteral(String(value))

const make = Effect.fnUntraced(function* ({ organization: asked }: AccountOptions) {
  const database = yield* Database
  const auth = yield* Auth
  const account = quoteLiteral(auth.user)
  const now = yield* Clock.currentTimeMillis

  const select = (condition: string) =>
    database
      .rows(
        `select to_jsonb(u)::text as person from ${table} u where account = ${account} and ${condition} order by place`
      )
      .pipe(
        Effect.flatMap((rows) => Effect.orDie(decodePeople(rows))),
        Effect.map((rows) => rows.map(({ person }) => person))
      )

  const insert = (values: Readonly<Record<string, string | number | boolean | undefined>>) => {
    const given = Object.entries(values).flatMap(([name, value]) =>
      value === undefined ? [] : [[name, value] as const]
    )
    return `insert into ${table} (account, ${given.map(([name]) => name).join(", ")})
      values (${account}, ${given.map(([, value]) => literal(value)).join(", ")})`
  }

  const own = { username: auth.user, email: `${auth.user}@example.com`, created_at: now, ready_at: now }
  yield* database.rows(`${tables} ${serviceQuotas} ${insert(own)} on conflict (account, username) do nothing`)
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
  const owner: Person = { ...me, org_admin: organization !== undefined }

  const others = (condition: string) =>
    organization === undefined ? Effect.succeed([]) : select(`username <> ${account} and ${condition}`)
  const withMe = (members: ReadonlyArray<Person>) => [owner, ...members]

  return Account.of({
    me: owner,
    organization,
    state: Ref.get(state),
    setState: (next) => Ref.set(state, next),
    people: Effect.map(
      Effect.flatMap(Clock.currentTimeMillis, (now) => others(`ready_at <= ${now}`)),
      withMe
    ),
    names: Effect.map(others("true"), withMe),
    add: Effect.fn("Account.add")(function* (username, person) {
      const now = yield* Clock.currentTimeMillis
      const api_key = randomBytes(16).toString("base64url")
      yield* database.rows(
        insert({ ...person, username, api_key, created_at: now, ready_at: now + Duration.toMillis(creationTime) })
      )
      const [added] = yield* select(`username = ${quoteLiteral(username)}`)
      return added ?? (yield* Effect.die(new Error("an insert left no row")))
    }),
    update: Effect.fn("Account.update")(function* (id, changes) {
      const set = Object.entries(changes).flatMap(([name, value]) =>
        value === undefined ? [] : [`${name} = ${literal(value)}`]
      )
      if (set.length > 0) {
        yield* database.rows(`update ${table} set ${set.join(", ")} where id = ${quoteLiteral(id)}`)
      }
    }),
    remove: Effect.fn("Account.remove")((id) => database.rows(`delete from ${table} where id = ${quoteLiteral(id)}`))
  })
})
