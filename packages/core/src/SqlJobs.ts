/**
 * Batch jobs, `/api/v2/sql/job`: queries that run for hours, one job at a time (SQL reference, §7).
 *
 * A job cannot be changed: the server has no such method, though CARTO's documentation told of one. Cancel it and create
 * another. It cannot be listed either, and is forgotten two hours after its end.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import { CartoClient } from "./CartoClient.ts"
import { AuthError, CartoError, JobError } from "./CartoError.ts"
import { inWords } from "./internal/inWords.ts"
import {
  type FallbackJob,
  type FallbackQuery,
  type JobInput,
  type JobStatement,
  jobBody,
  jobQuery
} from "./internal/jobRequest.ts"
import { path } from "./internal/path.ts"
import * as Poll from "./internal/poll.ts"
import { isOver, Job, type JobId, outcome, state } from "./Job.ts"
import type { PollOptions, Seen } from "./PollOptions.ts"

export type { FallbackJob, FallbackQuery, JobInput, JobStatement }

export interface SqlJobsOptions {
  /** Refuse every query that writes, as far as its text can tell. */
  readonly readOnly?: boolean | undefined
  readonly apiVersion?: "v1" | "v2" | undefined
}

/** All methods need the master key. */
export class SqlJobs extends Context.Service<
  SqlJobs,
  {
    /**
     * Puts a job into the queue. It is not sent again when it may have arrived: a `TransportError` with
     * `mayHaveArrived` leaves open whether the job runs.
     */
    readonly create: (query: JobInput) => Effect.Effect<Job, CartoError>
    /** The job as it is. An id that is unknown or forgotten is a `NotFoundError`. */
    readonly get: (id: JobId) => Effect.Effect<Job, CartoError>
    /** Stops a job, also in the middle of a query. One that is over stays as it is, and is no error. */
    readonly cancel: (id: JobId) => Effect.Effect<Job, CartoError>
    /**
     * The job when it is over and a success. Failed, cancelled or stalled it is a `JobError`. Given up, it goes on
     * unless `onInterrupt` is `cancel`; without a change for 24 hours, unless told otherwise, it has stalled.
     */
    readonly wait: (id: JobId, options?: PollOptions) => Effect.Effect<Job, CartoError>
    /** Each new state, of single queries too. Ends with the job; how it went, its last state tells. */
    readonly watch: (id: JobId, options?: PollOptions) => Stream.Stream<Seen<Job>, CartoError>
    /** Creates a job and waits for it. It is cancelled with the waiting unless `onInterrupt` is `detach`. */
    readonly run: (query: JobInput, options?: PollOptions) => Effect.Effect<Job, CartoError>
  }
>()("carto/SqlJobs") {
  static readonly layer = (options?: SqlJobsOptions): Layer.Layer<SqlJobs, never, CartoClient> =>
    Layer.effect(SqlJobs, make(options ?? {}))
}

/** Longer than a query may run, so that only what does not move at all has stalled. */
const stalledAfter = "24 hours"

const make = Effect.fnUntraced(function* (settings: SqlJobsOptions) {
  const carto = yield* CartoClient
  const api = path`/api/${settings.apiVersion ?? "v2"}/sql/job`

  const create = (operation: string, input: JobInput) =>
    Effect.gen(function* () {
      const query = yield* jobQuery(operation, input, settings)
      const body = yield* jobBody(operation, query)
      const request = HttpClientRequest.bodyJsonUnsafe(HttpClientRequest.post(api), body)
      return yield* carto.json(operation, Job, request, { group: "job_create" })
    }).pipe(Effect.mapError(needsMasterKey))

  const get = (operation: string, id: JobId) =>
    carto
      .json(operation, Job, HttpClientRequest.get(`${api}${path`/${id}`}`), { group: "job_get" })
      .pipe(Effect.mapError(needsMasterKey))

  const cancel = (operation: string, id: JobId) =>
    carto.json(operation, Job, HttpClientRequest.delete(`${api}${path`/${id}`}`), { group: "job_delete" }).pipe(
      Effect.catchIf(isOverAlready, () => get(operation, id)),
      Effect.mapError(needsMasterKey)
    )

  const work = (operation: string, id: JobId, initial?: Job): Poll.Work<Job> => ({
    operation,
    read: get(operation, id),
    cancel: cancel(operation, id),
    state,
    isOver,
    stalledAfter,
    stalled: (job, after) =>
      new CartoError({
        operation,
        reason: new JobError({
          jobId: job.job_id,
          jobStatus: job.fallback_status === undefined || job.status !== "done" ? job.status : job.fallback_status,
          message: `the job has stood still for ${inWords(after)}, with status ${job.status}`
        })
      }),
    initial
  })

  const wait = (work: Poll.Work<Job>, options: PollOptions) =>
    Effect.flatMap(Poll.wait(work, options), (job) => Effect.fromResult(outcome(work.operation, job)))

  return SqlJobs.of({
    create: Effect.fn("SqlJobs.create")((query) => create("SqlJobs.create", query)),
    get: Effect.fn("SqlJobs.get")((id) => get("SqlJobs.get", id)),
    cancel: Effect.fn("SqlJobs.cancel")((id) => cancel("SqlJobs.cancel", id)),
    wait: Effect.fn("SqlJobs.wait")((id, options = {}) => wait(work("SqlJobs.wait", id), options)),
    watch: (id, options) => Poll.watch(work("SqlJobs.watch", id), options).pipe(Stream.withSpan("SqlJobs.watch")),
    run: Effect.fn("SqlJobs.run")(function* (query, options = {}) {
      const job = yield* create("SqlJobs.run", query)
      return yield* wait(work("SqlJobs.run", job.job_id, job), { onInterrupt: "cancel", ...options })
    })
  })
})

/** `Cannot set status from done to cancelled`, which also a repeated cancellation is told (SQL reference, §7.4). */
const isOverAlready = ({ reason }: CartoError): boolean =>
  reason._tag === "SqlError" && /^Cannot set status (from \w+ )?to cancelled$/.test(reason.message)

/** The server only says `permission denied` to every other key. */
const needsMasterKey = (error: CartoError): CartoError =>
  error.reason._tag === "AuthError" && error.reason.status === 403
    ? new CartoError({
        operation: error.operation,
        reason: new AuthError({
          status: 403,
          message: error.reason.message,
          hint: "Batch jobs need the master key of the account; no other key may create, see or cancel one."
        })
      })
    : error
