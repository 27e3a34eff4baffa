/** Any PostgreSQL server with PostGIS: for load, for several statements at once, and for what PGlite cannot do. */
import { randomBytes } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Pool from "effect/Pool"
import * as RcMap from "effect/RcMap"
import * as Redacted from "effect/Redacted"
import type * as Scope from "effect/Scope"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import type { ClientConfig } from "pg"
import { Database, type DatabaseError, type RunOptions } from "./Database.ts"
import * as Connection from "./postgres/Connection.ts"
import { makeDatabase } from "./postgres/makeDatabase.ts"
import { bootstrap } from "./sql/bootstrap.ts"
import { searchPath, sessionSettings } from "./sql/sessionSettings.ts"

export interface PostgresOptions {
  /**
   * `postgres://user:password@host:port/database` of a superuser. The database gets PostGIS and the CARTO functions.
   */
  readonly url: Redacted.Redacted
  /** The most connections of each role. */
  readonly connections?: number | undefined
}

const settingsFor = (schema: string | undefined): string =>
  Object.entries({ ...sessionSettings, search_path: searchPath(schema) })
    .map(([name, value]) => `-c ${name}=${value}`)
    .join(" ")

const make = Effect.fnUntraced(function* (options: PostgresOptions) {
  const superuser: ClientConfig = { connectionString: Redacted.value(options.url), options: settingsFor(undefined) }

  // On a connection of its own: the pools may all be busy with what is to be cancelled.
  const cancel = (pid: number) =>
    Connection.connect(superuser, () => Effect.void).pipe(
      Effect.flatMap((connection) => drain(connection, `select pg_cancel_backend(${pid})`)),
      Effect.scoped,
      Effect.ignore
    )
  const connectSuperuser = Connection.connect(superuser, cancel)

  // SET ROLE is no boundary, for RESET ROLE undoes it: each role logs in by itself, with a password that only this
  // process knows.
  const password = randomBytes(24).toString("base64url")
  const oneAtATime = yield* Semaphore.make(1)
  const connectAs = Effect.fnUntraced(function* (role: string, schema: string) {
    const grant = Effect.flatMap(connectSuperuser, (connection) =>
      drain(connection, `alter role ${identifier(role)} login password '${password}'`)
    )
    yield* oneAtATime.withPermit(Effect.scoped(grant))
    const options = settingsFor(schema === "" ? undefined : schema)
    return yield* Connection.connect({ ...withUser(superuser, role, password), options }, cancel)
  })

  const pools = yield* RcMap.make({
    lookup: (login: string) => {
      const [schema = "", role = ""] = login.split("\0")
      return Pool.makeWithTTL({
        acquire: role === "" ? connectSuperuser : connectAs(role, schema),
        min: 0,
        max: options.connections ?? 10,
        timeToLive: "1 minute"
      })
    },
    idleTimeToLive: "Infinity"
  })

  const run: Database["Service"]["run"] = (sql, runOptions: RunOptions = {}) =>
    Effect.gen(function* () {
      const pool = yield* RcMap.get(pools, `${runOptions.schema ?? ""}\0${runOptions.role ?? ""}`)
      const connection = yield* sound(pool)
      yield* Effect.addFinalizer(() => (connection.isBroken() ? Pool.invalidate(pool, connection) : Effect.void))
      return Stream.fromPull(Effect.succeed(yield* connection.run(sql, runOptions)))
    }).pipe(Stream.unwrap)

  yield* Stream.runDrain(run(bootstrap))
  return yield* makeDatabase(run)
})

/** A connection of the pool; those that the server has closed meanwhile are put away. */
const sound = (
  pool: Pool.Pool<Connection.Connection, DatabaseError>
): Effect.Effect<Connection.Connection, DatabaseError, Scope.Scope> =>
  Effect.flatMap(Pool.get(pool), (connection) =>
    connection.isBroken() ? Effect.andThen(Pool.invalidate(pool, connection), sound(pool)) : Effect.succeed(connection)
  )

const drain = (connection: Connection.Connection, sql: string) =>
  Effect.scoped(
    Effect.flatMap(connection.run(sql, {}), (pull) => Stream.runDrain(Stream.fromPull(Effect.succeed(pull))))
  )

const identifier = (name: string): string => `"${name.replaceAll('"', '""')}"`

const withUser = (config: ClientConfig, user: string, password: string): ClientConfig => {
  const url = new URL(config.connectionString ?? "")
  url.username = encodeURIComponent(user)
  url.password = encodeURIComponent(password)
  return { ...config, connectionString: url.href }
}

/** Fails to start when the server cannot be reached, or the user may not make roles and extensions there. */
export const layer = (options: PostgresOptions): Layer.Layer<Database, DatabaseError> =>
  Layer.effect(Database, make(options))
