/** When and how long to wait before a request is sent again. Whether it may be sent again is the caller's to say. */
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Schedule from "effect/Schedule"
import type { CartoError } from "./CartoError.ts"

export interface RetryOptions {
  /** Requests after the first one. 0 puts exactly one request on the wire. Default 5. */
  readonly retries?: number | undefined
  /** No wait begins that would end later than this after the first failure. Default 5 minutes. */
  readonly maxElapsed?: Duration.Input | undefined
}

/**
 * After a rate limit exactly the pause the server asked for; otherwise exponential from 250 ms, at most 10 s, jittered
 * by a fifth. Ends with the attempts, with the elapsed time, or with the first failure that waiting cannot help.
 */
export const retryPolicy = (options?: RetryOptions): Schedule.Schedule<unknown, CartoError> => {
  const maxElapsed = Duration.toMillis(options?.maxElapsed ?? "5 minutes")
  return Schedule.min([Schedule.exponential("250 millis"), Schedule.spaced("10 seconds")]).pipe(
    Schedule.jittered,
    Schedule.upTo({ times: options?.retries ?? 5 }),
    Schedule.setInputType<CartoError>(),
    Schedule.while(({ input }) => input.isRetryable),
    // Last of the delays, so that jitter can neither shorten nor lengthen what the server said.
    Schedule.modifyDelay(({ duration, input }) => Effect.succeed(input.retryAfter ?? duration)),
    Schedule.while(({ elapsed, duration }) => elapsed + Duration.toMillis(duration) <= maxElapsed)
  )
}
