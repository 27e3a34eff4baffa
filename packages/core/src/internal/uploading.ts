/** Lets a source's own failure through: an HTTP client only knows that the body broke off. */
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"

/**
 * Sends a body made of `source`. When the source fails, its failure is the result, with its own type, and not the
 * connection's; the server sees a body without an end and stores nothing.
 */
export const uploading = <A, E, R, E2, R2>(
  source: Stream.Stream<Uint8Array, E, R>,
  send: (body: Stream.Stream<Uint8Array, unknown>) => Effect.Effect<A, E2, R2>
): Effect.Effect<A, E | E2, R | R2> =>
  Effect.contextWith((context) => {
    let failure: Cause.Cause<E> | undefined
    const body = Stream.suspend(() => {
      failure = undefined
      return Stream.tapCause(Stream.provideContext(source, context), (cause) =>
        Effect.sync(() => {
          if (!Cause.hasInterruptsOnly(cause)) failure = cause
        })
      )
    })
    return Effect.catchCause(send(body), (cause) => Effect.failCause<E | E2>(failure ?? cause))
  })
