/** A batch job: what was asked, how far it is, and how both are told. */
import * as Predicate from "effect/Predicate"

export type Status = "pending" | "running" | "done" | "failed" | "cancelled" | "skipped"

/** One query of a job. The statuses of a job's queries change as it runs. */
export interface Step {
  /** As it was sent, members that mean nothing included. */
  readonly members: Readonly<Record<string, unknown>>
  readonly query: string
  readonly onsuccess: string | undefined
  readonly onerror: string | undefined
  /** Milliseconds. */
  readonly timeout: number | undefined
  status: Status
  fallbackStatus: Status | undefined
  startedAt: number | undefined
  endedAt: number | undefined
  failedReason: string | undefined
}

/** `idle` is what the servers accept and never run; `unreadable` a text that they take for JSON when they read it. */
export type Kind = "simple" | "multiple" | "fallback" | "idle" | "unreadable"

export interface Asked {
  readonly kind: Kind
  readonly query: unknown
  readonly steps: ReadonlyArray<Step>
  readonly onsuccess: string | undefined
  readonly onerror: string | undefined
}

export interface Job extends Asked {
  readonly id: string
  readonly user: string
  readonly createdAt: number
  updatedAt: number
  status: Status
  fallbackStatus: Status | undefined
  failedReason: string | undefined
}

const text = (value: unknown): string | undefined => (Predicate.isString(value) && value !== "" ? value : undefined)

const step = (query: string, members: Readonly<Record<string, unknown>> = { query }): Step => {
  const onsuccess = text(members.onsuccess)
  const onerror = text(members.onerror)
  return {
    members,
    query,
    onsuccess,
    onerror,
    timeout: Predicate.isNumber(members.timeout) ? members.timeout : undefined,
    status: "pending",
    fallbackStatus: onsuccess === undefined && onerror === undefined ? undefined : "pending",
    startedAt: undefined,
    endedAt: undefined,
    failedReason: undefined
  }
}

const isJson = (text: string): boolean => {
  try {
    JSON.parse(text)
    return true
  } catch {
    return false
  }
}

const isQueryObject = (value: unknown): value is Readonly<Record<string, unknown>> & { readonly query: string } =>
  Predicate.isObject(value) && "query" in value && Predicate.isString(value.query)

const isList = (value: unknown): value is ReadonlyArray<unknown> => Array.isArray(value)

/** What a value of `query` asks for; `undefined` when no class of jobs is for it. */
export const read = (query: unknown): Asked | undefined => {
  const plain = { query, onsuccess: undefined, onerror: undefined }
  if (Predicate.isString(query)) {
    return isJson(query)
      ? { ...plain, kind: "unreadable", steps: [] }
      : { ...plain, kind: "simple", steps: [step(query)] }
  }
  if (isList(query)) {
    if (query.every(Predicate.isObject)) return { ...plain, kind: "idle", steps: [] }
    return query.every(Predicate.isString)
      ? { ...plain, kind: "multiple", steps: query.map((one) => step(one)) }
      : undefined
  }
  if (!Predicate.isObject(query) || !("query" in query) || !isList(query.query)) return undefined
  if (!query.query.every(isQueryObject)) return undefined
  return {
    kind: "fallback",
    query,
    steps: query.query.map((one) => step(one.query, one)),
    onsuccess: "onsuccess" in query ? text(query.onsuccess) : undefined,
    onerror: "onerror" in query ? text(query.onerror) : undefined
  }
}

export const make = (asked: Asked, id: string, user: string, now: number): Job => ({
  ...asked,
  id,
  user,
  createdAt: now,
  updatedAt: now,
  status: "pending",
  fallbackStatus: asked.onsuccess === undefined && asked.onerror === undefined ? undefined : "pending",
  failedReason: undefined
})

const final: ReadonlySet<Status | undefined> = new Set([undefined, "done", "failed", "cancelled", "skipped"])

export const isOver = (job: Job): boolean => final.has(job.status) && final.has(job.fallbackStatus)

const time = (millis: number | undefined) => (millis === undefined ? undefined : new Date(millis).toISOString())

const told = (job: Job): unknown => {
  const failed = ({ failedReason }: Step) => ({ failed_reason: failedReason })
  switch (job.kind) {
    case "multiple":
      return job.steps.map((step) => ({ query: step.query, status: step.status, ...failed(step) }))
    case "fallback":
      return {
        ...(Predicate.isObject(job.query) ? job.query : {}),
        query: job.steps.map((step) => ({
          ...step.members,
          status: step.status,
          fallback_status: step.fallbackStatus,
          started_at: time(step.startedAt),
          ended_at: time(step.endedAt),
          ...failed(step)
        }))
      }
    default:
      return job.query
  }
}

/** The answer to its creation, whose members stand in another order than later. */
export const created = (job: Job): string =>
  JSON.stringify({
    user: job.user,
    query: told(job),
    job_id: job.id,
    created_at: time(job.createdAt),
    updated_at: time(job.updatedAt),
    status: job.status,
    fallback_status: job.fallbackStatus
  })

export const toJson = (job: Job): string =>
  JSON.stringify({
    user: job.user,
    status: job.status,
    query: told(job),
    created_at: time(job.createdAt),
    updated_at: time(job.updatedAt),
    failed_reason: job.failedReason,
    fallback_status: job.fallbackStatus,
    job_id: job.id
  })
