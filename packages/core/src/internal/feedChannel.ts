/** Turns an incremental, throwing parser into a channel. */
import * as Arr from "effect/Array"
import * as Cause from "effect/Cause"
import * as Channel from "effect/Channel"
import * as Effect from "effect/Effect"
import * as Pull from "effect/Pull"

/** A parser fed piece by piece; what is finished goes to `out`. Both may throw the channel's error. */
export interface Feed<In, Out, Done = void> {
  readonly push: (piece: In, out: Array<Out>) => void
  /** The input is complete; a parser in mid-value throws here. */
  readonly end: (out: Array<Out>) => Done
}

/**
 * One parser per run. What was finished before a failure is emitted first, so that no good row is lost to a bad one.
 * Errors that `isExpected` does not know are defects.
 */
export const feedChannel = <In, Out, Done, E, IE = never>(
  make: () => Feed<In, Out, Done>,
  isExpected: (error: unknown) => error is E
): Channel.Channel<Arr.NonEmptyReadonlyArray<Out>, IE | E, Done, Arr.NonEmptyReadonlyArray<In>, IE> =>
  Channel.fromTransform((upstream, _scope) =>
    Effect.sync(() => {
      type Next = Pull.Pull<Arr.NonEmptyReadonlyArray<Out>, IE | E, Done>
      const feed = make()
      let over: Pull.Pull<never, IE | E, Done> | undefined

      const emit = (run: (out: Array<Out>) => void): Next => {
        const out: Array<Out> = []
        try {
          run(out)
        } catch (error) {
          if (!isExpected(error)) throw error
          over = Effect.fail(error)
        }
        return Arr.isArrayNonEmpty(out) ? Effect.succeed(out) : pull
      }

      const pull: Next = Effect.suspend((): Next => {
        if (over !== undefined) return over
        return Pull.matchEffect(upstream, {
          onSuccess: (pieces): Next =>
            emit((out) => {
              for (const piece of pieces) feed.push(piece, out)
            }),
          onFailure: Effect.failCause,
          onDone: () =>
            emit((out) => {
              over = Cause.done(feed.end(out))
            })
        })
      })
      return pull
    })
  )
