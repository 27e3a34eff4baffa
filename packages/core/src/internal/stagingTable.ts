/** A table for a while: dropped however the work on it ends. */
import * as Effect from "effect/Effect"
import * as Random from "effect/Random"
import * as Schedule from "effect/Schedule"
import type * as Scope from "effect/Scope"
import { AuthError, CartoError } from "../CartoError.ts"
import * as Deadline from "../Deadline.ts"
import * as Literal from "../Literal.ts"
import type { Sql } from "../Sql.ts"

const dropTimeout = "30 seconds"

export interface StagingTable {
  /** In the account's own schema, and nobody else's. Nothing is made yet. */
  readonly name: string
  /** Of what surely is gone nothing has to be dropped any more. */
  readonly forget: Effect.Effect<void>
}

export const stagingTable = (sql: Sql["Service"]): Effect.Effect<StagingTable, never, Scope.Scope> =>
  Effect.map(
    Effect.acquireRelease(
      Effect.map(freshName, (name) => ({ name, isGone: false })),
      ({ isGone, name }) => (isGone ? Effect.void : drop(sql, name))
    ),
    (state) => ({
      name: state.name,
      forget: Effect.sync(() => {
        state.isGone = true
      })
    })
  )

/** Dropping twice does no harm, so that it is tried again whatever went wrong. */
const drop = (sql: Sql["Service"], table: string) => dropped(sql, table, `drop table if exists ${table}`)

/** A table of the account's own schema: by its bare name, one of another schema might be meant. */
export const dropOwn = (sql: Sql["Service"], name: string) =>
  dropped(
    sql,
    name,
    `do $carto$ begin execute format('drop table if exists %I.%I', current_schema(), ${Literal.encodeUnsafe(name)}); end $carto$`
  )

const dropped = (sql: Sql["Service"], table: string, statement: string) =>
  dropping(sql, statement).pipe(
    Effect.retry({ schedule: Schedule.spaced("1 second"), times: 3 }),
    Effect.timeout(dropTimeout),
    Effect.catch((error) => Effect.logWarning(`The table ${table} could not be dropped: ${error.message}`))
  )

/** A key that may write to a dataset need not be one that may make tables. */
export const needsToCreate = ({ operation, reason }: CartoError): CartoError =>
  reason._tag === "AuthError"
    ? new CartoError({
        operation,
        reason: new AuthError({
          status: reason.status,
          message: reason.message,
          hint: "The rows go through a staging table: use the master key, or grant the key `create` on the schema. A plain append of bytes needs none."
        })
      })
    : new CartoError({ operation, reason })

/**
 * A transaction that ends with the staging table being gone, by a drop or a new name. Where its answer was lost, the
 * table tells whether it was committed.
 */
export const settled = <A>(
  sql: Sql["Service"],
  staging: StagingTable,
  transaction: Effect.Effect<A, CartoError>
): Effect.Effect<void, CartoError> =>
  transaction.pipe(
    Effect.catchIf(isUnclear, (error) =>
      Effect.flatMap(isGone(sql, staging.name), (gone) => (gone ? Effect.void : Effect.fail(error)))
    ),
    Effect.andThen(staging.forget)
  )

/** The answer was lost, so that nobody knows whether it is done. */
const isUnclear = ({ reason }: CartoError): boolean => {
  switch (reason._tag) {
    case "TransportError":
      return reason.mayHaveArrived
    case "ServerError":
    case "TimeoutError":
    case "ProtocolError":
      return true
    case "JobError":
      return reason.jobStatus !== "failed" && reason.jobStatus !== "cancelled"
    default:
      return false
  }
}

/** A drop waits for the transaction where that still runs, so that the verdict is final; in doubt it is no. */
const isGone = (sql: Sql["Service"], table: string): Effect.Effect<boolean> =>
  dropping(sql, `drop table ${table}`).pipe(
    Effect.as(false),
    Effect.timeout(dropTimeout),
    Effect.catch((error) =>
      Effect.succeed(error._tag === "CartoError" && /^table ".*" does not exist$/.test(error.reason.message))
    )
  )

const freshName = Effect.map(
  Effect.all([Random.nextIntBetween(0, 2 ** 31), Random.nextIntBetween(0, 2 ** 31)]),
  (parts) => `carto_staging_${parts.map((part) => part.toString(36)).join("_")}`
)

/** Its time is its own: the deadline of the work may have passed. */
const dropping = (sql: Sql["Service"], statement: string): Effect.Effect<unknown, CartoError> =>
  Effect.provideService(sql.execute(sql.unsafe(statement)), Deadline.Deadline, Number.POSITIVE_INFINITY)
