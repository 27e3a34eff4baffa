/** One deadline for everything an effect or a stream does: attempts, pauses, pages and polls share it. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { CartoError, TimeoutError } from "./CartoError.ts"

/** The moment, in milliseconds of the `Clock`, by which everything must have ended; Infinity when there is none. */
export const Deadline = Context.Reference<number>("carto/Deadline", { defaultValue: () => Number.POSITIVE_INFINITY })

/** Fails with `TimeoutError` when `self` takes longer. An earlier deadline around it stays in force. */
export const within =
  (operation: string, duration: Duration.Input) =>
  <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E | CartoError, R> =>
    Effect.flatMap(Clock.currentTimeMillis, (now) =>
      Effect.updateService(
        Effect.timeoutOrElse(self, { duration, orElse: () => Effect.fail(timedOut(operation, duration)) }),
        Deadline,
        (outer) => Math.min(outer, now + Duration.toMillis(duration))
      )
    )

/** Like `within`, for a stream: its end, not only its first element, must come in time. */
export const streamWithin =
  (operation: string, duration: Duration.Input) =>
  <A, E, R>(self: Stream.Stream<A, E, R>): Stream.Stream<A, E | CartoError, R> =>
    Stream.unwrap(
      Effect.map(Clock.currentTimeMillis, (now) =>
        self.pipe(
          Stream.updateService(Deadline, (outer) => Math.min(outer, now + Duration.toMillis(duration))),
          Stream.interruptWhen(Effect.delay(Effect.fail(timedOut(operation, duration)), duration))
        )
      )
    )

const timedOut = (operation: string, duration: Duration.Input) => {
  const after = Duration.fromInputUnsafe(duration)
  return new CartoError({
    operation,
    reason: new TimeoutError({ message: `not finished after ${Duration.format(after)}`, after })
  })
}
