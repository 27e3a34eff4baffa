/** Turns an incremental, throwing parser into a channel. */
import * as Arr from "effect/Array"
import * as Cause from "effect/Cause"
import * as Channel from "effect/Channel"
import * as Effect from "effect/Effect"
import * as Pull from "effect/Pull"

/** A parser fed piece by piece; what is finished goes to `out`. Both may throw an `E`. */
export interface Feed<In, Out> {
  readonly push: (piece: In, out: Array<Out>) => void
  /** The input is complete; a parser in mid-value throws here. */
  readonly end: (out: Array<Out>) => void
}

/**
 * One parser per run. What was finished before a failure is emitted first, so that no good row is lost to a bad one.
 * Errors that `isExpected` does not know are defects.
 */
export const feedChannel = <In, Out, E, IE = never, Done = unknown>(
  make: () => Feed<In, Out>,
  isExpected: (error: unknown) => error is E
): Channel.Channel<Arr.NonEmptyReadonlyArray<Out>, IE | E, Done, Arr.NonEmptyReadonlyArray<In>, IE, Done> =>
  Channel.fromTransform((upstream, _scope) =>
    Effect.sync(() => {
      type Out$ = Pull.Pull<Arr.NonEmptyReadonlyArray<Out>, IE | E, Done>
      const feed = make()
      let over: Pull.Pull<never, IE | E, Done> | undefined

      const emit = (run: (out: Array<Out>) => void): Out$ => {
        const out: Array<Out> = []
        try {
          run(out)
        } catch (error) {
          if (!isExpected(error)) throw error
          over = Effect.fail(error)
        }
        return Arr.isArrayNonEmpty(out) ? Effect.succeed(out) : pull
      }

      const pull: Out$ = Effect.suspend((): Out$ => {
        if (over !== undefined) return over
        return Pull.matchEffect(upstream, {
          onSuccess: (pieces): Out$ =>
            emit((out) => {
              for (const piece of pieces) feed.push(piece, out)
            }),
          onFailure: Effect.failCause,
          onDone: (value) => {
            over = Cause.done(value)
            return emit(feed.end)
          }
        })
      })
      return pull
    })
  )
