/** A batch job as the server tells it (SQL reference, §7.2), and what its statuses mean (§7.3). */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { CartoError, JobError } from "./CartoError.ts"

export const JobId = Schema.NonEmptyString.pipe(Schema.brand("carto/JobId"))
export type JobId = typeof JobId.Type

/**
 * `pending`, `running`, `done`, `failed`, `cancelled`, `unknown`, and `skipped` for what was not to run. Other words
 * decode too, and count as not over.
 */
export const JobStatus = Schema.String
export type JobStatus = typeof JobStatus.Type

/** One query of a job with several. */
export const JobQuery = Schema.Struct({
  query: Schema.String,
  status: Schema.optionalKey(JobStatus),
  failed_reason: Schema.optionalKey(Schema.String),
  onsuccess: Schema.optionalKey(Schema.String),
  onerror: Schema.optionalKey(Schema.String),
  /** Of `onsuccess` or `onerror`. */
  fallback_status: Schema.optionalKey(JobStatus),
  /** Milliseconds. */
  timeout: Schema.optionalKey(Schema.Finite),
  started_at: Schema.optionalKey(Schema.DateTimeUtcFromString),
  ended_at: Schema.optionalKey(Schema.DateTimeUtcFromString)
})
export type JobQuery = typeof JobQuery.Type

export const Job = Schema.Struct({
  user: Schema.String,
  job_id: JobId,
  /** Goes from `running` back to `pending` between two queries, and is final before `fallback_status` is. */
  status: JobStatus,
  query: Schema.Union([
    Schema.String,
    Schema.Array(JobQuery),
    Schema.Struct({
      query: Schema.Array(JobQuery),
      onsuccess: Schema.optionalKey(Schema.String),
      onerror: Schema.optionalKey(Schema.String)
    })
  ]),
  created_at: Schema.DateTimeUtcFromString,
  updated_at: Schema.DateTimeUtcFromString,
  /** PostgreSQL's message. Missing when the query that failed had an `onerror`; then the query has it. */
  failed_reason: Schema.optionalKey(Schema.String),
  /** Of the job's own `onsuccess` or `onerror`. */
  fallback_status: Schema.optionalKey(JobStatus)
})
export type Job = typeof Job.Type

/** The queries of a job with their own statuses; none for a job of one plain query. */
export const queries = ({ query }: Job): ReadonlyArray<JobQuery> =>
  typeof query === "string" ? [] : "query" in query ? query.query : query

const final = new Set(["done", "failed", "cancelled", "skipped", "unknown"])

/** Whether nothing of the job is still to happen, its fallback included. */
export const isOver = ({ fallback_status, status }: Job): boolean =>
  final.has(status) && (fallback_status === undefined || final.has(fallback_status))

/** All statuses in one text: what a job must change to have moved. */
export const state = (job: Job): string =>
  [job.status, job.fallback_status, ...queries(job).flatMap((query) => [query.status, query.fallback_status])].join()

/** What kept a job that is over from being a success. */
interface Shortfall {
  readonly status: JobStatus
  readonly message: string
  readonly query?: string
}

/** A job that is over is a success when it is done, and all fallbacks whose turn it was are done. */
export const outcome = (operation: string, job: Job): Result.Result<Job, CartoError> => {
  const lack = shortfall(job)
  if (lack === undefined) return Result.succeed(job)
  const { status: jobStatus, ...said } = lack
  return Result.fail(new CartoError({ operation, reason: new JobError({ jobId: job.job_id, jobStatus, ...said }) }))
}

const shortfall = (job: Job): Shortfall | undefined => {
  const failed = queries(job).find(({ status }) => status === "failed")
  if (job.status !== "done") {
    const reason = failed?.failed_reason ?? job.failed_reason
    return {
      status: job.status,
      message: reason ?? `the job ended as ${job.status}`,
      ...(typeof job.query === "string" ? { query: job.query } : failed === undefined ? {} : { query: failed.query })
    }
  }
  const fallback = queries(job).find(({ fallback_status }) => isMissed(fallback_status))
  if (fallback !== undefined) {
    return {
      status: fallback.fallback_status ?? "failed",
      message: `the queries are done, but not what was to follow one: ${fallback.failed_reason ?? fallback.fallback_status}`,
      query: fallback.onsuccess ?? fallback.query
    }
  }
  return isMissed(job.fallback_status)
    ? {
        status: job.fallback_status,
        message: `the queries are done, but what was to follow them ended as ${job.fallback_status}`
      }
    : undefined
}

/** With the queries done, a fallback that was skipped had nothing to do. */
const isMissed = (status: JobStatus | undefined): status is JobStatus =>
  status === "failed" || status === "cancelled" || status === "unknown"
