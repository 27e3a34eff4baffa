/** Tables that the user uploads to the Data Observatory: kept beside the account's data, out of reach of its SQL. */
import { createHash } from "node:crypto"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import * as Struct from "effect/Struct"
import { Auth } from "../Auth.ts"
import { Database, type DatabaseError } from "../Database.ts"
import { quoteIdentifier, quoteLiteral } from "../SqlText.ts"
import { prepare } from "../sql/prepare.ts"
import { stateSchema } from "../sql/state.ts"
import { type Column, columnTypes } from "./columnTypes.ts"
import { makeRole, observatoryRole } from "./observatoryRole.ts"
import { databaseFailure, type WorkFailure } from "./Works.ts"

const Entry = Schema.Struct({
  name: Schema.String,
  columns: Schema.Array(Schema.Struct({ name: Schema.String, type: Schema.Literals(Struct.keys(columnTypes)) })),
  /** The column that was told to hold geometries. */
  geometry: Schema.NullOr(Schema.String),
  /** Milliseconds since the epoch. */
  expires_at: Schema.NullOr(Schema.Int)
})

export interface UserDataset extends Pick<typeof Entry.Type, "columns" | "geometry" | "name"> {
  /** As it stands in a query. */
  readonly table: string
}

export interface NewDataset {
  readonly name: string
  readonly columns: ReadonlyArray<Column>
  readonly geometry?: string | null | undefined
  readonly timeToLive?: Duration.Duration | undefined
}

export class UserDatasets extends Context.Service<
  UserDatasets,
  {
    /** None whose time has passed. */
    readonly find: (name: string) => Effect.Effect<UserDataset | undefined, DatabaseError>
    /** In place of one of that name, once it is filled; without rows unless told how. */
    readonly create: <E = never>(
      dataset: NewDataset,
      fill?: (table: string) => Effect.Effect<unknown, E>
    ) => Effect.Effect<void, DatabaseError | E>
    /** Keeps a CSV with a header line until it is imported. */
    readonly upload: (
      dataset: UserDataset,
      csv: Uint8Array,
      geometry: string | undefined
    ) => Effect.Effect<void, DatabaseError>
    /** Appends what was uploaded, once: it has to be uploaded anew also after a failure. */
    readonly import: (dataset: UserDataset) => Effect.Effect<void, WorkFailure>
  }
>()("carto-emulator/UserDatasets") {
  static readonly layer = Layer.effect(
    UserDatasets,
    Effect.suspend(() => make)
  )
}

const registry = `${stateSchema}.user_datasets`

const schema = `create table if not exists ${registry} (
  account text, name text, columns jsonb not null, geometry text, expires_at bigint, csv bytea,
  primary key (account, name)
)`

/** Names of accounts and datasets together may be longer than that of a table. */
const tableName = (account: string, name: string): string =>
  `dataset_${createHash("sha256").update(`${account}\0${name}`).digest("hex").slice(0, 32)}`

const decode = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ dataset: Schema.fromJsonString(Entry) })))

const make = Effect.gen(function* () {
  const database = yield* Database
  const { user } = yield* Auth
  const account = quoteLiteral(user)
  const role = quoteIdentifier(observatoryRole(user))
  yield* prepare(schema)
  yield* database.rows(makeRole(observatoryRole(user)))
  const tableOf = (name: string) => `${stateSchema}.${tableName(user, name)}`
  const named = (name: string) => `where account = ${account} and name = ${quoteLiteral(name)}`
  const remove = (name: string) => `drop table if exists ${tableOf(name)}; delete from ${registry} ${named(name)};`

  return UserDatasets.of({
    find: Effect.fn("UserDatasets.find")(function* (name) {
      const rows = yield* database.rows(
        `select to_jsonb(d)::text as dataset from (select name, columns, geometry, expires_at from ${registry} ${named(name)}) d`
      )
      const dataset = (yield* Effect.orDie(decode(rows)))[0]?.dataset
      if (dataset === undefined) return undefined
      if (dataset.expires_at === null || dataset.expires_at > (yield* Clock.currentTimeMillis)) {
        return { ...dataset, table: tableOf(name) }
      }
      yield* database.rows(remove(name))
      return undefined
    }),
    create: Effect.fnUntraced(function* ({ columns, geometry = null, name, timeToLive }, fill) {
      const list = columns.map((column) => `${quoteIdentifier(column.name)} ${columnTypes[column.type]}`)
      const filled = `${tableOf(name)}_new`
      const now = yield* Clock.currentTimeMillis
      const expires = timeToLive === undefined ? "null" : String(now + Duration.toMillis(timeToLive))
      const make = `drop table if exists ${filled}; create table ${filled} (${list.join(", ")});
        alter table ${filled} owner to ${role};`
      const replace = `${remove(name)} alter table ${filled} rename to ${tableName(user, name)};
        insert into ${registry} (account, name, columns, geometry, expires_at) values (${account}, ${quoteLiteral(name)},
          ${quoteLiteral(JSON.stringify(columns))}, ${geometry === null ? "null" : quoteLiteral(geometry)}, ${expires})`
      if (fill === undefined) {
        yield* database.rows(`${make} ${replace}`)
        return
      }
      yield* database.rows(make)
      yield* Effect.onError(fill(filled), () => Effect.ignore(database.rows(`drop table ${filled}`)))
      yield* database.rows(replace)
    }),
    upload: Effect.fn("UserDatasets.upload")(({ name }, csv, geometry) =>
      database.rows(
        `update ${registry} set csv = decode('${Buffer.from(csv).toString("hex")}', 'hex')
         ${geometry === undefined ? "" : `, geometry = ${quoteLiteral(geometry)}`} ${named(name)}`
      )
    ),
    import: Effect.fn("UserDatasets.import")(function* ({ name, table }) {
      const [row] = yield* Effect.mapError(
        database.rows(`with uploaded as (select csv from ${registry} ${named(name)} for update),
            taken as (update ${registry} set csv = null ${named(name)})
          select encode(csv, 'hex') as csv from uploaded`),
        databaseFailure
      )
      if (row?.csv == null) return yield* Effect.fail([`nothing was uploaded to ${name}`])
      const input = Stream.make(new Uint8Array(Buffer.from(row.csv, "hex")))
      yield* Stream.runDrain(database.run(`copy ${table} from stdin with (format csv, header)`, { input })).pipe(
        Effect.mapError(databaseFailure)
      )
    })
  })
})
