/** The account's database, by whatever way a statement needs. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import { CartoError } from "../CartoError.ts"
import type { Sql } from "../Sql.ts"
import type { SqlCopy } from "../SqlCopy.ts"
import type { SqlJobs } from "../SqlJobs.ts"

export interface Database {
  readonly sql: Sql["Service"]
  readonly copy: SqlCopy["Service"]
  readonly jobs: SqlJobs["Service"]
}

/** An error of a service below, told as that of the call that was made. */
export const as =
  (operation: string) =>
  (error: CartoError): CartoError =>
    new CartoError({ operation, reason: error.reason })

/**
 * Statements as one transaction: in one request, and where that takes longer than a request may, in a batch job, which
 * has hours. What the request had done is undone by then. Gives the rows of the last statement, if it is known.
 */
export const run = (
  { jobs, sql }: Database,
  operation: string,
  text: string
): Effect.Effect<number | undefined, CartoError> =>
  sql.execute(sql.unsafe(text)).pipe(
    Effect.map(({ totalRows }): number | undefined => totalRows),
    Effect.catchIf(
      ({ reason }) => reason._tag === "StatementTimeoutError",
      (timeout) =>
        jobs.run(text).pipe(
          Effect.as(undefined),
          // Only the master key may have jobs; to others the time limit is what there is to know.
          Effect.mapError((error) => (error.reason._tag === "AuthError" ? timeout : error))
        )
    ),
    Effect.mapError(as(operation))
  )

const Count = Schema.Struct({ rows: Schema.Finite })

/** The rows of a table or query, in one request, which has the time limit of a query. */
export const count = ({ sql }: Database, operation: string, from: string): Effect.Effect<number, CartoError> =>
  sql
    .query(Count)(sql.unsafe(`select count(*)::float8 as rows from ${from}`))
    .pipe(
      Effect.map(({ rows }) => rows[0]?.rows ?? 0),
      Effect.mapError(as(operation))
    )
