/** How a job goes from state to state while its queries run (SQL reference, §7.3). */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { Job, Status, Step } from "./Job.ts"

/** Runs one statement; the error is PostgreSQL's message. */
export type RunStatement = (sql: string, timeout: number | undefined) => Effect.Effect<void, string>

const isCancelled = ({ fallbackStatus, status }: Job): boolean =>
  status === "cancelled" || fallbackStatus === "cancelled"

const change = (job: Job, apply: (now: number) => void) =>
  Effect.map(Clock.currentTimeMillis, (now) => {
    if (isCancelled(job)) return
    apply(now)
    job.updatedAt = now
  })

const skip = (steps: ReadonlyArray<Step>) => {
  for (const step of steps) {
    step.status = "skipped"
    if (step.fallbackStatus !== undefined) step.fallbackStatus = "skipped"
  }
}

const filled = (sql: string, job: Job, message: string | undefined) => {
  const named = sql.replace(/<%= *job_id *%>/g, () => job.id)
  return message === undefined ? named : named.replace(/<%= *error_message *%>/g, () => message)
}

/** The status between two statements; a failing query ends all but the fallbacks. */
const finish = (job: Job, step: Step, rest: ReadonlyArray<Step>, failedReason: string | undefined) => {
  if (step.status === "failed") {
    job.status = "failed"
    job.failedReason = failedReason
    if (job.kind === "fallback") skip(rest)
  } else job.status = rest.length > 0 ? "pending" : "done"
  if (job.status !== "pending" && job.fallbackStatus !== undefined && mainFallback(job) === undefined) {
    job.fallbackStatus = "skipped"
  }
}

const mainFallback = (job: Job): string | undefined => (job.status === "done" ? job.onsuccess : job.onerror)

/** Runs a job to its end, or until it is cancelled. */
export const walk = Effect.fnUntraced(function* (job: Job, run: RunStatement) {
  const attempt = (sql: string, timeout?: number) =>
    Effect.match(run(sql, timeout), { onFailure: (message) => message, onSuccess: () => undefined })
  const statusOf = (failure: string | undefined): Status => (failure === undefined ? "done" : "failed")

  if (job.kind === "fallback" && job.steps.length === 0) {
    return yield* change(job, () => {
      job.status = "failed"
    })
  }
  for (const [i, step] of job.steps.entries()) {
    const rest = job.steps.slice(i + 1)
    yield* change(job, (now) => {
      job.status = "running"
      step.status = "running"
      step.startedAt = now
    })
    if (isCancelled(job)) return
    const failure = yield* attempt(step.query, step.timeout)
    const fallback = failure === undefined ? step.onsuccess : step.onerror
    yield* change(job, (now) => {
      step.status = statusOf(failure)
      step.endedAt = now
      step.failedReason = failure
      if (fallback !== undefined) job.status = "pending"
      else {
        if (step.fallbackStatus !== undefined) step.fallbackStatus = "skipped"
        finish(job, step, rest, failure)
      }
    })
    if (fallback !== undefined && !isCancelled(job)) {
      yield* change(job, () => {
        job.status = "running"
        step.fallbackStatus = "running"
      })
      const fallbackFailure = yield* attempt(filled(fallback, job, failure))
      yield* change(job, () => {
        step.fallbackStatus = statusOf(fallbackFailure)
        step.failedReason = fallbackFailure ?? step.failedReason
        finish(job, step, rest, undefined)
      })
    }
    if (isCancelled(job)) return
    if (job.status === "failed") break
  }
  const last = mainFallback(job)
  if (job.fallbackStatus === undefined || last === undefined) return
  yield* change(job, () => {
    job.fallbackStatus = "running"
  })
  if (isCancelled(job)) return
  const failure = yield* attempt(last)
  yield* change(job, () => {
    job.fallbackStatus = statusOf(failure)
  })
})

/** Cancels a job where it is; false when there is nothing left to cancel. */
export const cancel = (job: Job, now: number): boolean => {
  if (job.status === "pending" || job.status === "running") {
    job.status = "cancelled"
    const [current, ...rest] = job.steps.filter(({ fallbackStatus, status }) =>
      [status, fallbackStatus].some((one) => one === "pending" || one === "running")
    )
    if (current !== undefined) {
      const isInFallback = current.status === "done" || current.status === "failed"
      if (!isInFallback) {
        current.status = "cancelled"
        if (current.startedAt !== undefined) current.endedAt = now
      }
      if (current.fallbackStatus !== undefined) current.fallbackStatus = isInFallback ? "cancelled" : "skipped"
    }
    if (job.kind === "fallback") skip(rest)
    if (job.fallbackStatus !== undefined) job.fallbackStatus = "skipped"
  } else if (job.fallbackStatus === "pending" || job.fallbackStatus === "running") job.fallbackStatus = "cancelled"
  else return false
  job.updatedAt = now
  return true
}
