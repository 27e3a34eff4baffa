/** effect's own SqlClient over the SQL API: one request a statement, no session. */
import * as Effect from "effect/Effect"
import * as Reactivity from "effect/reactivity/Reactivity"
import * as Stream from "effect/Stream"
import * as SqlClient from "effect/sql/SqlClient"
import type { Connection } from "effect/sql/SqlConnection"
import * as SqlError from "effect/sql/SqlError"
import type { CartoError } from "../CartoError.ts"
import { compiler } from "./sqlCompiler.ts"

export interface Backend {
  readonly baseUrl: string
  readonly query: (text: string) => Effect.Effect<{ readonly rows: ReadonlyArray<Record<string, unknown>> }, CartoError>
  readonly stream: (text: string) => Stream.Stream<Record<string, unknown>, CartoError>
}

/** `SqlClient.make` wants Reactivity only for `reactive` queries, which notice this client's own changes. */
export const make = Effect.fnUntraced(function* (backend: Backend) {
  const execute: Connection["execute"] = (text) =>
    Effect.mapBoth(backend.query(text), { onFailure: toSqlError("execute"), onSuccess: ({ rows }) => rows })
  const executeValues: Connection["executeValues"] = (text) =>
    Effect.map(execute(text, [], undefined), (rows) => rows.map((row) => Object.values(row)))

  const connection: Connection = {
    execute,
    executeRaw: (text) => Effect.mapError(backend.query(text), toSqlError("executeRaw")),
    executeStream: (text) => Stream.mapError(backend.stream(text), toSqlError("executeStream")),
    executeValues,
    executeValuesUnprepared: executeValues,
    executeUnprepared: execute
  }
  return yield* SqlClient.make({
    acquirer: Effect.succeed(connection),
    transactionAcquirer: Effect.fail(noSession),
    compiler,
    driver: "carto",
    spanAttributes: [
      ["db.system.name", "postgresql"],
      ["server.address", new URL(backend.baseUrl).hostname]
    ]
  }).pipe(Effect.provide(Reactivity.layer))
})

const noSession = new SqlError.SqlError({
  reason: new SqlError.UnknownError({
    operation: "transaction",
    message:
      "CARTO has no sessions: each request is a transaction of its own, and BEGIN would leak into the requests of others. Give all statements at once to Sql.transaction.",
    cause: undefined
  })
})

/** The API sends no SQLSTATE; PostgreSQL's English texts of these errors have not changed since version 8. */
const byText: ReadonlyArray<readonly [RegExp, (fields: Fields, match: RegExpExecArray) => SqlError.SqlErrorReason]> = [
  [
    /^duplicate key value violates unique constraint "(.*)"$/s,
    (fields, match) => new SqlError.UniqueViolation({ ...fields, constraint: match[1] ?? "" })
  ],
  [/violates .* constraint/, (fields) => new SqlError.ConstraintError(fields)],
  [/^syntax error |^unterminated /, (fields) => new SqlError.SqlSyntaxError(fields)],
  [/does not exist$|is ambiguous$/, (fields) => new SqlError.SqlSyntaxError(fields)],
  [/^deadlock detected/, (fields) => new SqlError.DeadlockError(fields)],
  [/^could not serialize access/, (fields) => new SqlError.SerializationError(fields)],
  [/lock timeout$/, (fields) => new SqlError.LockTimeoutError(fields)]
]

interface Fields {
  readonly cause: CartoError
  readonly message: string
  readonly operation: string
}

const toSqlError =
  (operation: string) =>
  (cause: CartoError): SqlError.SqlError => {
    const fields: Fields = { cause, message: cause.reason.message, operation }
    const reason = (): SqlError.SqlErrorReason => {
      switch (cause.reason._tag) {
        case "AuthError":
          return cause.status === 401
            ? new SqlError.AuthenticationError(fields)
            : new SqlError.AuthorizationError(fields)
        case "StatementTimeoutError":
          return new SqlError.StatementTimeoutError(fields)
        case "TransportError":
        case "ServerError":
          return new SqlError.ConnectionError(fields)
        case "SqlError":
          for (const [pattern, make] of byText) {
            const match = pattern.exec(fields.message)
            if (match !== null) return make(fields, match)
          }
      }
      return new SqlError.UnknownError(fields)
    }
    return new SqlError.SqlError({ reason: reason() })
  }
