/** Learns how fast an endpoint group may be called, and holds requests back before the server would refuse them. */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as RateLimiter from "effect/persistence/RateLimiter"
import { inWords } from "./inWords.ts"
import type { RateLimit } from "./rateLimitHeaders.ts"

/** What is known of a group's bucket (SQL reference, §5): its size, and the time in which one request flows back. */
export interface Learnt {
  readonly limit: number
  /** Milliseconds. */
  readonly interval: number
  /** The interval is surely not shorter: `Reset` is rounded down. */
  readonly atLeast: number
}

/**
 * Narrows what is known by one answer. `used` requests flow back in `reset` seconds (rounded down), so that one takes
 * between `reset / used` and `(reset + 1) / used`; the tightest upper estimate of a burst comes closest to the truth.
 */
export const learn = (known: Learnt | undefined, told: RateLimit): Learnt | undefined => {
  const { limit, remaining, reset } = told
  if (limit === undefined || remaining === undefined || reset === undefined) return known
  const used = limit - remaining
  if (used <= 0) return known
  const seconds = Duration.toSeconds(reset)
  const before = known?.limit === limit ? known : { limit, interval: Number.POSITIVE_INFINITY, atLeast: 0 }
  const atLeast = Math.max(before.atLeast, (seconds * 1000) / used)
  return { limit, atLeast, interval: Math.max(atLeast, Math.min(before.interval, ((seconds + 1) * 1000) / used)) }
}

interface Group {
  learnt: Learnt | undefined
  /** Nobody of the group is sent before this moment of the clock: a 429 told so. */
  blockedUntil: number
}

export interface Pacing {
  /** Waits until the group may send one more request; one that the limiter refused before has its token already. */
  readonly admit: (group: string, hasToken: boolean) => Effect.Effect<void>
  /** Takes in what an answer told. A first lesson also counts the requests it speaks of. */
  readonly observe: (group: string, told: RateLimit) => Effect.Effect<void>
  /** Takes in a 429, and holds the whole group back for the pause that it asks for. */
  readonly refuse: (group: string, told: RateLimit & { readonly retryAfter?: Duration.Duration }) => Effect.Effect<void>
}

/** `account` keeps the budgets of several accounts apart in a store that they share. */
export const make = (limiter: RateLimiter.RateLimiter, account: string): Pacing => {
  const groups = new Map<string, Group>()
  const groupOf = (name: string): Group => {
    const known = groups.get(name) ?? { learnt: undefined, blockedUntil: 0 }
    groups.set(name, known)
    return known
  }

  const consume = (name: string, learnt: Learnt, tokens: number) =>
    limiter.consume({
      algorithm: "token-bucket",
      onExceeded: "delay",
      key: `carto/${account}/${name}`,
      limit: learnt.limit,
      window: Duration.millis(learnt.limit * learnt.interval),
      tokens
    })

  const pause = (name: string, millis: number, reason: string) =>
    millis <= 0
      ? Effect.void
      : Effect.andThen(
          Effect.logInfo(`Waiting ${inWords(Duration.millis(millis))}: ${reason} (${name})`),
          Effect.sleep(millis)
        )

  const observe: Pacing["observe"] = (name, told) =>
    Effect.suspend(() => {
      if (told.limit === undefined) return Effect.void
      const group = groupOf(name)
      const first = group.learnt === undefined
      group.learnt = learn(group.learnt, told)
      return first && group.learnt !== undefined
        ? Effect.ignore(consume(name, group.learnt, told.limit - (told.remaining ?? 0)))
        : Effect.void
    })

  return {
    admit: (name, hasToken) =>
      Effect.suspend(() => {
        const group = groups.get(name)
        if (group === undefined) return Effect.void
        const blocked = Effect.flatMap(Clock.currentTimeMillis, (now) =>
          pause(name, group.blockedUntil - now, "the server's rate limit is used up")
        )
        const { learnt } = group
        if (learnt === undefined || hasToken) return blocked
        return Effect.andThen(
          blocked,
          consume(name, learnt, 1).pipe(
            Effect.flatMap(({ delay }) => pause(name, Duration.toMillis(delay), "keeping below the rate limit")),
            // A store that cannot be asked must not stop the work: the server's own 429 still guards the limit.
            Effect.catchTag("RateLimiterError", (error) =>
              Effect.logWarning(`The rate limit's store failed: ${error.message}`)
            )
          )
        )
      }),
    observe,
    refuse: (name, told) =>
      Effect.andThen(
        observe(name, told),
        Effect.map(Clock.currentTimeMillis, (now) => {
          const group = groupOf(name)
          const until = now + (told.retryAfter === undefined ? 0 : Duration.toMillis(told.retryAfter))
          group.blockedUntil = Math.max(group.blockedUntil, until)
        })
      )
  }
}
