/** The account's custom HTML visualizations, in the database with their pages. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import { Auth } from "../Auth.ts"
import { Database, type DatabaseError } from "../Database.ts"
import { passwordHash } from "../passwordHash.ts"
import { quoteLiteral } from "../SqlText.ts"
import { prepare } from "../sql/prepare.ts"
import { stateSchema } from "../sql/state.ts"

export const Kuviz = Schema.Struct({
  id: Schema.String,
  name: Schema.String,
  privacy: Schema.Literals(["public", "password"]),
  password_hash: Schema.NullOr(Schema.String),
  /** Milliseconds since the epoch. */
  created_at: Schema.Int,
  updated_at: Schema.Int
})
export type Kuviz = typeof Kuviz.Type

/** What can be told of a kuviz: `data` is the page in base64, `password: null` opens it to everybody. */
export interface KuvizChanges {
  readonly name?: string | undefined
  readonly data?: string | undefined
  readonly password?: string | null | undefined
}

export class KuvizStore extends Context.Service<
  KuvizStore,
  {
    /** Newest change first. */
    readonly list: Effect.Effect<ReadonlyArray<Kuviz>, DatabaseError>
    readonly create: (
      kuviz: KuvizChanges & { readonly name: string; readonly data: string }
    ) => Effect.Effect<Kuviz, DatabaseError>
    readonly update: (id: string, changes: KuvizChanges) => Effect.Effect<Kuviz, DatabaseError>
    readonly remove: (ids: ReadonlyArray<string>) => Effect.Effect<void, DatabaseError>
    /** The bytes of the page. */
    readonly page: (id: string) => Effect.Effect<Uint8Array, DatabaseError>
  }
>()("carto-emulator/KuvizStore") {
  static readonly layer = Layer.effect(
    KuvizStore,
    Effect.suspend(() => make)
  )
}

const table = `${stateSchema}.kuviz`

const schema = `create table if not exists ${table} (
  id uuid primary key default gen_random_uuid(),
  name text not null,
  data text not null,
  password_hash text,
  privacy text generated always as (case when password_hash is null then 'public' else 'password' end) stored,
  created_at bigint not null,
  updated_at bigint not null
);
alter table ${table} add column if not exists account text`

const hash = (password: string): string => passwordHash("kuviz", password)

/** Whether a visitor may see the page. */
export const opens = ({ password_hash }: Kuviz, password: string | undefined): boolean =>
  password_hash === null || (password !== undefined && hash(password) === password_hash)

const decode = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ kuviz: Schema.fromJsonString(Kuviz) })))

const told = "(to_jsonb(k) - 'data')::text as kuviz"

const nullable = (text: string | null): string => (text === null ? "null" : quoteLiteral(text))

const passwordOf = (password: string | null): string => nullable(password === null ? null : hash(password))

const make = Effect.gen(function* () {
  const database = yield* Database
  const account = quoteLiteral((yield* Auth).user)
  // An older emulator knew one account only, which is the first to come here.
  yield* prepare(`${schema}; update ${table} set account = ${account} where account is null`)

  const records = Effect.fnUntraced(function* (sql: string) {
    const rows = yield* database.rows(sql)
    return (yield* Effect.orDie(decode(rows))).map(({ kuviz }) => kuviz)
  })
  const one = Effect.fnUntraced(function* (sql: string) {
    const [record] = yield* records(sql)
    return record ?? (yield* Effect.die(new Error("a kuviz was not kept")))
  })

  return KuvizStore.of({
    list: records(
      `select ${told} from ${table} k where account = ${account} order by updated_at desc, created_at desc, id`
    ),
    create: Effect.fn("KuvizStore.create")(function* ({ data, name, password = null }) {
      const now = yield* Clock.currentTimeMillis
      return yield* one(`insert into ${table} as k (account, name, data, password_hash, created_at, updated_at)
        values (${account}, ${quoteLiteral(name)}, ${quoteLiteral(data)}, ${passwordOf(password)}, ${now}, ${now})
        returning ${told}`)
    }),
    update: Effect.fn("KuvizStore.update")(function* (id, { data, name, password }) {
      const set = [
        `updated_at = ${yield* Clock.currentTimeMillis}`,
        ...(name === undefined ? [] : [`name = ${quoteLiteral(name)}`]),
        ...(data === undefined ? [] : [`data = ${quoteLiteral(data)}`]),
        ...(password === undefined ? [] : [`password_hash = ${passwordOf(password)}`])
      ]
      return yield* one(`update ${table} k set ${set.join(", ")} where id = ${quoteLiteral(id)} returning ${told}`)
    }),
    remove: Effect.fn("KuvizStore.remove")(function* (ids) {
      if (ids.length > 0) yield* database.rows(`delete from ${table} where id in (${ids.map(quoteLiteral).join(", ")})`)
    }),
    page: Effect.fn("KuvizStore.page")((id) =>
      Effect.map(
        database.rows(`select data from ${table} where id = ${quoteLiteral(id)}`),
        ([row]) => new Uint8Array(Buffer.from(row?.data ?? "", "base64"))
      )
    )
  })
})
