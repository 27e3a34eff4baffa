/** Waits for a job, and tells each of its states on standard error and to the journal. */
import * as Deadline from "@effect-carto/core/Deadline"
import * as Job from "@effect-carto/core/Job"
import { SqlJobs } from "@effect-carto/core/SqlJobs"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import * as Quantity from "../../../format/Quantity.ts"
import { JobJournal } from "../../../JobJournal.ts"
import * as Output from "../../../Output.ts"

export interface FollowOptions {
  readonly onInterrupt: "detach" | "cancel"
}

/** The states as they come, remembered. */
export const states = (id: Job.JobId, options: FollowOptions) =>
  Stream.unwrap(
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      const journal = yield* JobJournal
      return jobs.watch(id, options).pipe(
        Stream.tap(({ value }) => journal.seen(id, value.status)),
        Stream.onExit((exit) =>
          Exit.isFailure(exit) && Cause.hasInterrupts(exit.cause) ? givenUp[options.onInterrupt](id) : Effect.void
        )
      )
    })
  )

const givenUp = {
  detach: (id: Job.JobId) => Output.note(`job ${id} goes on; carto sql job cancel ${id} stops it`),
  /** What became of the job: the cancelling is over by now, and may have come too late. */
  cancel: (id: Job.JobId) =>
    Effect.gen(function* () {
      const job = yield* (yield* SqlJobs).get(id)
      yield* (yield* JobJournal).seen(id, job.status)
      yield* Output.note(`job ${id} ${describe(job)}`)
    }).pipe(
      // Also after --timeout, which this may not pass by much.
      Effect.provideService(Deadline.Deadline, Number.POSITIVE_INFINITY),
      Effect.timeout("5 seconds"),
      Effect.ignore
    )
}

/** Fails unless the job is a success. */
export const follow = Effect.fnUntraced(function* (id: Job.JobId, options: FollowOptions) {
  const last = yield* states(id, options).pipe(
    Stream.tap(({ elapsed, value }) => Output.note(`job ${id} ${describe(value)} (${Quantity.duration(elapsed)})`)),
    Stream.runLast
  )
  if (Option.isSome(last)) yield* Effect.fromResult(Job.outcome("SqlJobs.wait", last.value.value))
})

/** `running, 1 of 3 queries done`, `done, fallback running`. */
export const describe = (job: Job.Job): string => {
  const queries = Job.queries(job)
  const done = queries.filter(({ status }) => status === "done").length
  return [
    job.status,
    ...(queries.length > 1 ? [`${done} of ${queries.length} queries done`] : []),
    ...(job.fallback_status === undefined ? [] : [`fallback ${job.fallback_status}`])
  ].join(", ")
}
