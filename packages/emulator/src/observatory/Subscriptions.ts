/** The account's subscriptions to the Data Observatory, kept in the database, and the tables made of them. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Auth } from "../Auth.ts"
import { Catalog } from "../catalog/Catalog.ts"
import { Database, type DatabaseError } from "../Database.ts"
import { quoteIdentifier, quoteLiteral } from "../SqlText.ts"
import { prepare } from "../sql/prepare.ts"
import { stateSchema } from "../sql/state.ts"
import { content, geometryColumn } from "./content.ts"
import { deliveryDays, type Entity } from "./entities.ts"

/** The stores to which full access can be asked for. */
export const clouds = ["bq", "azure", "aws"] as const
export type Cloud = (typeof clouds)[number]

const Subscription = Schema.Struct({
  id: Schema.String,
  /** Milliseconds since the epoch, as are the other times. */
  created_at: Schema.Int,
  delivered_at: Schema.Int,
  expires_at: Schema.Int,
  full_access_bq: Schema.NullOr(Schema.String),
  full_access_azure: Schema.NullOr(Schema.String),
  full_access_aws: Schema.NullOr(Schema.String),
  /** The table in the account, and when its making was begun. */
  sync_table: Schema.NullOr(Schema.String),
  synced_at: Schema.NullOr(Schema.Int)
})
export type Subscription = typeof Subscription.Type

/** What was ordered is delivered in time, and ends a year later: days pass by Effect's clock. */
export const statusOf = ({ delivered_at, expires_at }: Subscription, now: number) =>
  now < delivered_at ? "requested" : now < expires_at ? "active" : "expired"

export class Subscriptions extends Context.Service<
  Subscriptions,
  {
    /** In the order of their making. */
    readonly list: Effect.Effect<ReadonlyArray<Subscription>, DatabaseError>
    readonly find: (id: string) => Effect.Effect<Subscription | undefined, DatabaseError>
    /** Those whose data may be read now. */
    readonly active: Effect.Effect<ReadonlySet<string>, DatabaseError>
    /** One that is there already stays as it is, unless it has expired. */
    readonly subscribe: (entity: Entity) => Effect.Effect<void, DatabaseError>
    readonly unsubscribe: (id: string) => Effect.Effect<void, DatabaseError>
    readonly requestAccess: (id: string, clouds: ReadonlyArray<Cloud>) => Effect.Effect<void, DatabaseError>
    /** Makes a dataset of the account from what is subscribed; one that is there already stays. */
    readonly sync: (subscription: Subscription, entity: Entity) => Effect.Effect<void, DatabaseError>
    /** The table stays. */
    readonly unsync: (id: string) => Effect.Effect<void, DatabaseError>
    /** Makes a dataset of what is not subscribed. */
    readonly sample: (entity: Entity) => Effect.Effect<void, DatabaseError>
  }
>()("carto-emulator/Subscriptions") {
  static readonly layer = Layer.effect(
    Subscriptions,
    Effect.suspend(() => make)
  )
}

/** How long a subscription is `syncing`. */
export const syncTime = Duration.seconds(1)

const table = `${stateSchema}.subscriptions`

const schema = `create table if not exists ${table} (
  place integer generated always as identity,
  account text not null,
  id text not null,
  created_at bigint not null,
  delivered_at bigint not null,
  expires_at bigint not null,
  full_access_bq text,
  full_access_azure text,
  full_access_aws text,
  sync_table text,
  synced_at bigint,
  primary key (account, id)
)`

const decode = Schema.decodeUnknownEffect(
  Schema.Array(Schema.Struct({ subscription: Schema.fromJsonString(Subscription) }))
)

const tableOf = ({ id }: Entity): string => id.split(".").slice(1).join("_")

const make = Effect.gen(function* () {
  const database = yield* Database
  const catalog = yield* Catalog
  const auth = yield* Auth
  const account = quoteLiteral(auth.user)
  yield* prepare(schema)

  const select = Effect.fnUntraced(function* (condition: string) {
    const rows = yield* database.rows(
      `select to_jsonb(s)::text as subscription from ${table} s where account = ${account} and ${condition} order by place`
    )
    return (yield* Effect.orDie(decode(rows))).map(({ subscription }) => subscription)
  })
  const meant = (id: string) => `account = ${account} and id = ${quoteLiteral(id)}`
  const set = (id: string, assignments: ReadonlyArray<string>) =>
    database.rows(`update ${table} set ${assignments.join(", ")} where ${meant(id)}`)

  const makeTable = Effect.fnUntraced(function* (wanted: string, entity: Entity) {
    const name = yield* catalog.freeTableName(wanted)
    const target = `${quoteIdentifier(auth.schema)}.${quoteIdentifier(name)}`
    const rename = entity.type === "geography" ? `alter table ${target} rename ${geometryColumn} to the_geom;` : ""
    yield* database.rows(
      `create table ${target} as ${content(entity)}; ${rename} select cartodb.cdb_cartodbfytable(${quoteLiteral(target)}::regclass)`,
      { role: auth.role }
    )
    return name
  })

  return Subscriptions.of({
    list: select("true"),
    active: Effect.gen(function* () {
      const now = yield* Clock.currentTimeMillis
      const found = (yield* select("true")).filter((one) => statusOf(one, now) === "active")
      return new Set(found.map(({ id }) => id))
    }),
    find: (id) => Effect.map(select(`id = ${quoteLiteral(id)}`), ([found]) => found),
    subscribe: Effect.fn("Subscriptions.subscribe")(function* ({ id, isPublic }) {
      const now = yield* Clock.currentTimeMillis
      const delivered = isPublic ? now : now + Duration.toMillis(Duration.days(deliveryDays))
      const expires = delivered + Duration.toMillis(Duration.days(365))
      yield* database.rows(`delete from ${table} where ${meant(id)} and expires_at <= ${now};
        insert into ${table} (account, id, created_at, delivered_at, expires_at)
        values (${account}, ${quoteLiteral(id)}, ${now}, ${delivered}, ${expires}) on conflict do nothing`)
    }),
    unsubscribe: Effect.fn("Subscriptions.unsubscribe")((id) =>
      database.rows(`delete from ${table} where ${meant(id)}`)
    ),
    requestAccess: Effect.fn("Subscriptions.requestAccess")((id, asked) =>
      set(
        id,
        asked.map((cloud) => `full_access_${cloud} = 'requested'`)
      )
    ),
    sync: Effect.fn("Subscriptions.sync")(function* ({ id, sync_table }, entity) {
      if (sync_table !== null) return
      const name = yield* makeTable(tableOf(entity), entity)
      yield* set(id, [`sync_table = ${quoteLiteral(name)}`, `synced_at = ${yield* Clock.currentTimeMillis}`])
    }),
    unsync: Effect.fn("Subscriptions.unsync")((id) => set(id, ["sync_table = null", "synced_at = null"])),
    sample: Effect.fn("Subscriptions.sample")((entity) => makeTable(`sample_${tableOf(entity)}`, entity))
  })
})
