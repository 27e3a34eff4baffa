/** The batch jobs of the account: one runs, the others wait in line. */
import { randomUUID } from "node:crypto"
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Fiber from "effect/Fiber"
import * as Layer from "effect/Layer"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { type ApiError, badRequest } from "../ApiError.ts"
import { Auth } from "../Auth.ts"
import { Database } from "../Database.ts"
import * as Job from "./Job.ts"
import { cancel, walk } from "./walk.ts"

export interface JobsOptions {
  /** For each query of a batch job; 12 hours unless told. */
  readonly jobTimeout?: Duration.Input | undefined
  /** Jobs that may wait; 64 unless told. The one that runs does not count. */
  readonly maxQueuedJobs?: number | undefined
}

/** Jobs are kept in memory: they do not outlive the emulator. */
export class Jobs extends Context.Service<
  Jobs,
  {
    readonly create: (asked: Job.Asked) => Effect.Effect<Job.Job, ApiError>
    /** Fails for an id that is unknown, or whose job has been over for two hours. */
    readonly get: (id: string) => Effect.Effect<Job.Job, ApiError>
    /** Returns when the statement of the job has stopped. Fails when the job is over already. */
    readonly cancel: (id: string) => Effect.Effect<Job.Job, ApiError>
    /** The id of the job that runs. */
    readonly running: Effect.Effect<string | undefined>
  }
>()("carto-emulator/Jobs") {
  static readonly layer = (options: JobsOptions) => Layer.effect(Jobs, make(options))
}

/** How long a job that is over is kept. */
const kept = Duration.toMillis("2 hours")

const make = Effect.fnUntraced(function* (options: JobsOptions) {
  const database = yield* Database
  const { master, user } = yield* Auth
  const limit = Duration.toMillis(options.jobTimeout ?? "12 hours")
  const maxQueued = options.maxQueuedJobs ?? 64
  const jobs = new Map<string, Job.Job>()
  const line = yield* Queue.unbounded<Job.Job>()
  let running: { readonly job: Job.Job; readonly fiber: Fiber.Fiber<void> } | undefined

  const statement = (sql: string, timeout: number | undefined) =>
    Stream.runDrain(database.run(sql, { role: master.role, statementTimeout: Math.min(limit, timeout ?? limit) })).pipe(
      Effect.mapError(({ message }) => message)
    )

  yield* Queue.take(line).pipe(
    Effect.flatMap(
      Effect.fnUntraced(function* (job) {
        if (job.status !== "pending") return
        const fiber = yield* Effect.forkChild(walk(job, statement))
        running = { job, fiber }
        yield* Fiber.await(fiber)
        running = undefined
      })
    ),
    Effect.forever,
    Effect.forkScoped
  )

  const get = Effect.fnUntraced(function* (id: string) {
    const job = jobs.get(id)
    const now = yield* Clock.currentTimeMillis
    if (job !== undefined && !(Job.isOver(job) && now - job.updatedAt >= kept)) {
      return job.kind === "unreadable" ? yield* badRequest("there is no job class for the provided query") : job
    }
    jobs.delete(id)
    return yield* badRequest(`Job with id ${id} not found`)
  })

  return Jobs.of({
    get,
    create: Effect.fnUntraced(function* (asked) {
      if ((yield* Queue.size(line)) >= maxQueued) {
        return yield* badRequest(`Failed to create job. Max number of jobs (${maxQueued}) queued reached`)
      }
      const job = Job.make(asked, randomUUID(), user, yield* Clock.currentTimeMillis)
      jobs.set(job.id, job)
      if (asked.kind !== "idle" && asked.kind !== "unreadable") yield* Queue.offer(line, job)
      return job
    }),
    cancel: Effect.fnUntraced(function* (id) {
      const job = yield* get(id)
      const before = job.status
      if (!cancel(job, yield* Clock.currentTimeMillis)) {
        const from = job.kind === "fallback" ? "" : ` from ${before}`
        return yield* badRequest(`Cannot set status${from} to cancelled`)
      }
      if (running?.job === job) yield* Fiber.interrupt(running.fiber)
      return job
    }),
    running: Effect.sync(() => running?.job.id)
  })
})
