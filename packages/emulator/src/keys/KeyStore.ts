/** The account's API keys in the database, out of reach of every key's SQL. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import { Database } from "../Database.ts"
import { quoteLiteral } from "../SqlText.ts"
import { publicRole } from "../sql/roles.ts"
import { stateSchema } from "../sql/state.ts"
import { type ApiKey, keyTypes } from "./ApiKey.ts"
import { apis, dataservices, type Grants } from "./Grants.ts"
import { dropRole, makeRole, roleName } from "./keyRole.ts"

/** What PostgreSQL does not keep of a key's grants. */
const Kept = Schema.Struct({
  apis: Schema.Array(Schema.Literals(apis)),
  tableMetadata: Schema.Boolean,
  dataservices: Schema.optionalKey(Schema.Array(Schema.Literals(dataservices))),
  profile: Schema.Boolean,
  datasets: Schema.optionalKey(Schema.Array(Schema.String))
})

const Row = Schema.Struct({
  name: Schema.String,
  type: Schema.Literals(keyTypes),
  token: Schema.String,
  role: Schema.String,
  grants: Schema.fromJsonString(Kept),
  created_at: Schema.FiniteFromString,
  updated_at: Schema.FiniteFromString
})
const decodeRows = Schema.decodeUnknownEffect(Schema.Array(Row))

const kept = ({ apis = ["sql", "maps"], dataservices, datasets, profile = false, tableMetadata = false }: Grants) => ({
  apis,
  tableMetadata,
  ...(dataservices === undefined ? {} : { dataservices }),
  profile,
  ...(datasets === undefined ? {} : { datasets })
})

const table = `${stateSchema}.api_keys`

/** A master key may all there is, which its kind tells. */
const everything: Grants = { apis }

const instant = (millis: number): string => `to_timestamp(${millis}::float8 / 1000)`

/** Makes the table, with the two keys that every account has. A master key that is given replaces the stored one. */
export const make = Effect.fnUntraced(function* (options: {
  readonly user: string
  /** The role that owns the user's tables: that of the master key. */
  readonly role: string
  readonly masterKey: Redacted.Redacted | undefined
  /** Where none is given and none is stored. */
  readonly firstMasterKey: Redacted.Redacted
}) {
  const database = yield* Database
  const account = quoteLiteral(options.user)

  const insert = (key: Pick<ApiKey, "name" | "role" | "token" | "type">, grants: Grants, now: number, conflict = "") =>
    `INSERT INTO ${table} (account, name, type, token, role, grants, created_at, updated_at) VALUES (${account},
      ${quoteLiteral(key.name)}, '${key.type}', ${quoteLiteral(Redacted.value(key.token))}, ${quoteLiteral(key.role)},
      ${quoteLiteral(JSON.stringify(kept(grants)))}, ${instant(now)}, ${instant(now)}) ${conflict}`

  /** All of them, in the order in which they were made. */
  const load: Effect.Effect<ReadonlyArray<ApiKey>> = database
    .rows(
      `SELECT name, type, token, role, grants::text,
        extract(epoch FROM created_at)::float8 * 1000 AS created_at,
        extract(epoch FROM updated_at)::float8 * 1000 AS updated_at
      FROM ${table} WHERE account = ${account} ORDER BY id`
    )
    .pipe(
      Effect.flatMap(decodeRows),
      Effect.orDie,
      Effect.map((rows) =>
        rows.map(({ created_at, grants, token, updated_at, ...row }) => ({
          ...row,
          ...grants,
          apis: new Set(grants.apis),
          token: Redacted.make(token),
          createdAt: created_at,
          updatedAt: updated_at
        }))
      )
    )

  const now = yield* Clock.currentTimeMillis
  yield* database.rows(`
    CREATE TABLE IF NOT EXISTS ${table} (
      id integer GENERATED ALWAYS AS IDENTITY,
      account text NOT NULL, name text NOT NULL, type text NOT NULL, token text NOT NULL, role text NOT NULL,
      grants jsonb NOT NULL, created_at timestamptz NOT NULL, updated_at timestamptz NOT NULL,
      PRIMARY KEY (account, name), UNIQUE (account, token)
    );
    ${insert(
      { name: "Master", type: "master", token: options.masterKey ?? options.firstMasterKey, role: options.role },
      everything,
      now,
      `ON CONFLICT (account, name) DO ${options.masterKey === undefined ? "NOTHING" : "UPDATE SET token = excluded.token"}`
    )};
    ${insert(
      { name: "Default public", type: "default", token: Redacted.make("default_public"), role: publicRole },
      {},
      now,
      "ON CONFLICT (account, name) DO NOTHING"
    )}`)

  return {
    load,
    /** Makes a regular key and its role; one of the same name goes. */
    put: Effect.fnUntraced(function* (name: string, token: Redacted.Redacted, grants: Grants) {
      const role = roleName(options.user, name)
      yield* database.rows(`${makeRole(role, options.role, grants)};
        DELETE FROM ${table} WHERE account = ${account} AND name = ${quoteLiteral(name)};
        ${insert({ name, type: "regular", token, role }, grants, yield* Clock.currentTimeMillis)}`)
    }),
    setToken: Effect.fnUntraced(function* ({ name }: ApiKey, token: Redacted.Redacted) {
      yield* database.rows(`UPDATE ${table} SET token = ${quoteLiteral(Redacted.value(token))},
        updated_at = ${instant(yield* Clock.currentTimeMillis)}
        WHERE account = ${account} AND name = ${quoteLiteral(name)}`)
    }),
    remove: ({ name, role }: ApiKey) =>
      database.rows(`DELETE FROM ${table} WHERE account = ${account} AND name = ${quoteLiteral(name)};
        ${dropRole(role, options.role)}`)
  }
})
