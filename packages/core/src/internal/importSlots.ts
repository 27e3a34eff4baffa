/** How many imports an account may run at once, and waiting until there is room for another (platform reference, §17). */
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Semaphore from "effect/Semaphore"
import { CartoError } from "../CartoError.ts"
import { growingPause } from "./growingPause.ts"

export interface ImportSlots {
  /** Holds one of the account's slots, as far as this service knows, while `self` runs. */
  readonly withSlot: <A, E, R>(self: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
  readonly limit: Effect.Effect<number>
  readonly setLimit: (limit: number) => Effect.Effect<void>
}

/** Most plans have three (§6.6). */
const usual = 3

export const make = Effect.fnUntraced(function* (given: number | undefined): Effect.fn.Return<ImportSlots> {
  let limit = given ?? usual
  const semaphore = yield* Semaphore.make(limit)
  return {
    withSlot: semaphore.withPermit,
    limit: Effect.sync(() => limit),
    setLimit: (next) =>
      Effect.suspend(() => {
        if (next === limit || next < 1) return Effect.void
        limit = next
        return Effect.andThen(
          Effect.logDebug(`The account may run ${limit} imports at once`),
          Semaphore.resize(semaphore, limit)
        )
      })
  }
})

/** Proxies have a word for it of their own. */
const isFull = (error: unknown): error is CartoError =>
  error instanceof CartoError && (error.reason._tag === "ConcurrencyError" || error.reason._tag === "RateLimitError")

/** The number in the server's refusal. */
const allowed = ({ reason }: CartoError): number | undefined => {
  const found = /allowed (\d+) import slots?/.exec(reason.message)?.[1]
  return found === undefined ? undefined : Number(found)
}

/** Imports take minutes: whoever waits for the end of one loses little by half a minute. */
const pause = growingPause(1_000, 30_000)

interface Admission<A, E, R> {
  readonly start: Effect.Effect<A, E | CartoError, R>
  /** The account's unfinished imports. Asking for them also makes the server give up those that it has lost (§6.5). */
  readonly running: Effect.Effect<ReadonlyArray<unknown>, CartoError>
  /** Whether it may be started anew after a refusal. */
  readonly mayResend: () => boolean
  /** When the server was full for so long, its refusal is the result. */
  readonly patience: Duration.Duration
}

/**
 * Starts an import as soon as the server has a slot for it. Between two attempts the list of imports is looked at, which
 * costs less than sending a file to be refused; where the list tells of room, though slots are lost, attempts get seldom.
 */
export const admitted = Effect.fnUntraced(function* <A, E, R>(
  slots: ImportSlots,
  { mayResend, patience, running, start }: Admission<A, E, R>
): Effect.fn.Return<A, E | CartoError, R> {
  const giveUpAt = (yield* Clock.currentTimeMillis) + Duration.toMillis(patience)
  let rounds = 0
  for (;;) {
    const sent = yield* Effect.result(start)
    if (Result.isSuccess(sent)) return sent.success
    const refusal = sent.failure
    if (!isFull(refusal) || !mayResend()) return yield* Effect.fail(refusal)
    const limit = allowed(refusal)
    if (limit !== undefined) yield* slots.setLimit(limit)
    yield* Effect.logInfo(`Waiting for a free import slot: ${refusal.reason.message}`)
    for (let waits = true; waits; ) {
      const before = Math.max(yield* pause(rounds++), Duration.toMillis(refusal.retryAfter ?? 0))
      if ((yield* Clock.currentTimeMillis) + before > giveUpAt) return yield* refusal
      yield* Effect.sleep(before)
      const listed = yield* Effect.result(running)
      // A list that cannot be read now says nothing about the slots.
      if (Result.isFailure(listed) && !listed.failure.isRetryable) return yield* listed.failure
      waits = Result.isSuccess(listed) && listed.success.length >= (yield* slots.limit)
    }
  }
})
