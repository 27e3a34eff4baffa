/** Rows of a query that takes longer than a query may: a batch job writes them into a table, COPY reads them out. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import type { CartoError } from "./CartoError.ts"
import type { JobStatement } from "./internal/jobRequest.ts"
import { refuse } from "./internal/refuse.ts"
import { isRowSchema, type RowSchema } from "./internal/rowSchema.ts"
import { textOf } from "./internal/sqlCompiler.ts"
import { plan } from "./internal/sqlPlan.ts"
import { stagingTable } from "./internal/stagingTable.ts"
import type { PollOptions } from "./PollOptions.ts"
import { type Row, Sql } from "./Sql.ts"
import { SqlJobs } from "./SqlJobs.ts"

/** For the job; the reading after it has the time limit of COPY. */
export type LongQueryOptions = Omit<PollOptions, "onInterrupt">

const operation = "LongQuery.stream"

/**
 * The rows, typed as `Sql.stream` types them, in no order to rely on. However the stream ends, a job that still runs is
 * cancelled and the table is dropped; should even that fail, a warning names the table.
 */
export function stream(query: JobStatement, options?: LongQueryOptions): Stream.Stream<Row, CartoError, Sql | SqlJobs>
export function stream<S extends RowSchema>(
  query: JobStatement,
  schema: S,
  options?: LongQueryOptions
): Stream.Stream<S["Type"], CartoError, Sql | SqlJobs | S["DecodingServices"]>
export function stream(query: JobStatement, first?: RowSchema | LongQueryOptions, second?: LongQueryOptions) {
  const through = <A, R>(
    read: (sql: Sql["Service"], table: string) => Stream.Stream<A, CartoError, R>,
    options?: LongQueryOptions
  ) =>
    Stream.unwrap(
      Effect.gen(function* () {
        const sql = yield* Sql
        const jobs = yield* SqlJobs
        const text = yield* single(query)
        const { name: table } = yield* stagingTable(sql)
        // With the DROP before it, a job that the server runs again after a restart succeeds again.
        yield* jobs.run([`drop table if exists ${table}`, `create table ${table} as ${text}\n`], {
          ...options,
          onInterrupt: "cancel"
        })
        return read(sql, table)
      })
    ).pipe(Stream.withSpan(operation))
  return isRowSchema(first)
    ? through((sql, table) => sql.stream(first)(sql.unsafe(`select * from ${table}`)), second)
    : through((sql, table) => sql.stream()(sql.unsafe(`select * from ${table}`)), first)
}

const single = Effect.fnUntraced(function* (query: JobStatement) {
  const checked = yield* Effect.fromResult(plan(operation, Predicate.isString(query) ? query : textOf(query)))
  return checked.query === undefined
    ? yield* refuse(
        operation,
        "only the rows of one query can be kept in a table",
        "Give a single SELECT, or use SqlJobs."
      )
    : checked.query
})
