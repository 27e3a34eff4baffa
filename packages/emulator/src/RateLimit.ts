/** Request budgets per user and endpoint group, by the generic cell rate algorithm as redis-cell counts it. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"

/** The groups of endpoints that share a budget. */
export type RateLimitGroup = "query" | "job_create" | "job_get" | "job_delete" | "copy_from" | "copy_to" | MapsGroup

/** The groups of the Maps API. */
export type MapsGroup =
  | "anonymous"
  | "static"
  | "static_named"
  | "dataview"
  | "dataview_search"
  | "analysis"
  | "analysis_catalog"
  | "tile"
  | "attributes"
  | "named"
  | "named_list"
  | "named_create"
  | "named_get"
  | "named_update"
  | "named_delete"
  | "named_tiles"

/** `count` requests per `period`, and `burst` more at once. */
export interface Limit {
  readonly burst: number
  readonly count: number
  readonly period: Duration.Input
}

/** What the strictest of the stacked limits says about one request. */
export interface Verdict {
  readonly allowed: boolean
  readonly headers: Readonly<Record<string, string>>
}

interface Bucket {
  readonly limit: Limit
  /** Theoretical arrival time by user: when the bucket is full again, in milliseconds. */
  readonly fullAt: Map<string, number>
}

interface Reading {
  readonly allowed: boolean
  readonly limit: number
  readonly remaining: number
  readonly reset: number
  readonly retryAfter: number
}

/** Off until a limit is set; counted before authentication, so unknown keys use it up, too. */
export class RateLimit extends Context.Service<
  RateLimit,
  {
    /** Replaces the limits of a group and empties its counters; no limits switch it off. */
    readonly set: (group: RateLimitGroup, limits: ReadonlyArray<Limit>) => Effect.Effect<void>
    /** Counts one request; `undefined` where no limit is set. */
    readonly take: (group: RateLimitGroup, user: string) => Effect.Effect<Verdict | undefined>
  }
>()("carto-emulator/RateLimit") {
  static readonly layer = Layer.effect(
    RateLimit,
    Effect.gen(function* () {
      const buckets = yield* Ref.make<ReadonlyMap<RateLimitGroup, ReadonlyArray<Bucket>>>(new Map())
      return RateLimit.of({
        set: (group, limits) =>
          Ref.update(buckets, (all) =>
            new Map(all).set(
              group,
              limits.map((limit) => ({ limit, fullAt: new Map() }))
            )
          ),
        take: Effect.fnUntraced(function* (group, user) {
          const now = yield* Clock.currentTimeMillis
          const stacked = (yield* Ref.get(buckets)).get(group) ?? []
          const readings = stacked.map((bucket) => read(bucket, user, now))
          return readings.length === 0 ? undefined : verdict(readings.reduce(stricter))
        })
      })
    })
  )
}

// Millisecond quotients such as 10000/3 must not fall below the whole number they stand for.
const floor = (value: number): number => Math.floor(value + 1e-9)

const read = ({ fullAt, limit: { burst, count, period } }: Bucket, user: string, now: number): Reading => {
  const interval = Duration.toMillis(period) / count
  const tolerance = interval * (burst + 1)
  const before = Math.max(fullAt.get(user) ?? now, now)
  const after = before + interval
  const wait = after - tolerance - now
  const allowed = wait <= 1e-6
  if (allowed) fullAt.set(user, after)
  const reset = (allowed ? after : before) - now
  return {
    allowed,
    limit: burst + 1,
    remaining: floor((tolerance - reset) / interval),
    reset: floor(reset / 1000),
    retryAfter: floor(wait / 1000) + 1
  }
}

const stricter = (a: Reading, b: Reading): Reading =>
  a.allowed !== b.allowed ? (a.allowed ? b : a) : b.remaining < a.remaining ? b : a

const verdict = ({ allowed, limit, remaining, reset, retryAfter }: Reading): Verdict => ({
  allowed,
  headers: {
    "carto-rate-limit-limit": String(limit),
    "carto-rate-limit-remaining": String(remaining),
    "carto-rate-limit-reset": String(reset),
    ...(allowed ? {} : { "retry-after": String(retryAfter) })
  }
})
