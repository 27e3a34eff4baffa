/** Asks for the state of work on the server until it is over: soon at first, then ever more seldom. */
import * as Cause from "effect/Cause"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import type { CartoError } from "../CartoError.ts"
import * as Deadline from "../Deadline.ts"
import type { PollOptions, Seen } from "../PollOptions.ts"
import { growingPause } from "./growingPause.ts"

export interface Work<A> {
  /** The call that waits, such as `SqlJobs.wait`. */
  readonly operation: string
  readonly read: Effect.Effect<A, CartoError>
  readonly cancel: Effect.Effect<unknown, CartoError>
  /** Two values with the same state are not told apart. */
  readonly state: (value: A) => string
  readonly isOver: (value: A) => boolean
  /** For how long nothing may change unless the caller says another time. */
  readonly stalledAfter: Duration.Input
  /** What to fail with when nothing has changed for so long. */
  readonly stalled: (value: A, after: Duration.Duration) => CartoError
  /** What is known already, such as the answer to its creation. */
  readonly initial?: A | undefined
}

const pause = growingPause(250, 10_000)
const cancelTimeout = "10 seconds"
/** Shorter failures of the server or the network do not end a wait of hours. */
const longestOutage = 5 * 60_000

/** What waiting can help. A `TimeoutError` is that of the one request: the wait's own deadline interrupts instead. */
const mayPass = ({ reason }: CartoError): boolean => reason.isRetryable || reason._tag === "TimeoutError"

/** Each new state of the work, up to its last one. Failures that may pass are waited out once a state has been seen. */
export const watch = <A>(work: Work<A>, options: PollOptions = {}): Stream.Stream<Seen<A>, CartoError> => {
  const states = Stream.unwrap(
    Effect.map(Clock.currentTimeMillis, (start) => {
      const stalledAfter = Duration.fromInputUnsafe(options.stalledAfter ?? work.stalledAfter)
      const patience = Math.ceil(Duration.toMillis(stalledAfter))
      let last: Seen<A> | undefined
      let isStalled = false
      let changedAt = start
      let answeredAt = start
      let polls = 0

      const see = (value: A, now: number): Seen<A> => {
        last = { value, elapsed: Duration.millis(now - start) }
        changedAt = now
        return last
      }

      const unanswered = Effect.fnUntraced(function* (error: CartoError) {
        const now = yield* Clock.currentTimeMillis
        if (last === undefined || !mayPass(error) || now - answeredAt > longestOutage) return yield* error
        yield* Effect.logInfo(`Still waiting: ${error.message}`)
        return Option.none<A>()
      })

      const poll = Effect.gen(function* () {
        const untilStalled = Math.max(0, changedAt + patience - (yield* Clock.currentTimeMillis))
        yield* Effect.sleep(Math.min(yield* pause(polls++), untilStalled))
        const answer = yield* Effect.catch(Effect.asSome(work.read), unanswered)
        const now = yield* Clock.currentTimeMillis
        if (Option.isSome(answer)) answeredAt = now
        return { now, value: Option.getOrUndefined(answer) }
      })

      const next = Effect.gen(function* () {
        if (last === undefined && work.initial !== undefined) return see(work.initial, start)
        if (last !== undefined && work.isOver(last.value)) return undefined
        for (;;) {
          const { now, value } = yield* poll
          if (value !== undefined && (last === undefined || work.state(value) !== work.state(last.value))) {
            return see(value, now)
          }
          if (last !== undefined && now - changedAt >= patience) {
            isStalled = true
            return yield* work.stalled(last.value, stalledAfter)
          }
        }
      })

      const cancel = work.cancel.pipe(
        // The deadline that ends the waiting has passed already.
        Effect.provideService(Deadline.Deadline, Number.POSITIVE_INFINITY),
        Effect.timeout(cancelTimeout),
        Effect.catch((error) => Effect.logWarning(`${work.operation} could not cancel: ${error.message}`))
      )

      return Stream.unfold(undefined, () =>
        Effect.map(next, (seen) => (seen === undefined ? undefined : ([seen, undefined] as const)))
      ).pipe(
        Stream.onExit((exit) => {
          const isGivenUp = isStalled || (Exit.isFailure(exit) && Cause.hasInterrupts(exit.cause))
          const isOver = last !== undefined && work.isOver(last.value)
          return options.onInterrupt === "cancel" && isGivenUp && !isOver ? cancel : Effect.void
        })
      )
    })
  )
  return options.timeout === undefined ? states : Deadline.streamWithin(work.operation, options.timeout)(states)
}

/** The last state of the work. Each is shown to who wants to see them. */
export const wait = <A>(
  work: Work<A>,
  options?: PollOptions,
  onState: (seen: Seen<A>) => Effect.Effect<void> = () => Effect.void
): Effect.Effect<A, CartoError> =>
  watch(work, options).pipe(
    Stream.tap(onState),
    Stream.runLast,
    Effect.flatMap(Effect.fromOption),
    // A stream of states ends with one, or fails.
    Effect.catchTag("NoSuchElementError", Effect.die),
    Effect.map(({ value }) => value)
  )
