/** Small chunks joined to large ones: every write costs the same, however small it is. */
import type * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Latch from "effect/Latch"
import * as Stream from "effect/Stream"
import * as Lent from "./lent.ts"

/** A server gives up on a connection that is silent for ten minutes; a slow source must not look like that. */
const patience = Duration.seconds(1)

/**
 * Emits chunks of at least `target` bytes while the source is fast, and what there is after a second while it is slow.
 * Reads one chunk ahead, so that the source works while the consumer writes. Bytes that came before a failure are
 * emitted before it.
 */
export const coalesce =
  (target: number) =>
  <E, R>(bytes: Stream.Stream<Uint8Array, E, R>): Stream.Stream<Uint8Array, E, R> =>
    Stream.transformPull(bytes, (pull, scope) => {
      const something = Latch.makeUnsafe(false)
      const enough = Latch.makeUnsafe(false)
      const room = Latch.makeUnsafe(true)
      const held: Array<Uint8Array> = []
      let size = 0
      let end: Cause.Cause<E | Cause.Done> | undefined

      const keep = (chunks: ReadonlyArray<Uint8Array>) => {
        for (const chunk of chunks) {
          held.push(chunk)
          size += chunk.length
        }
        if (size === 0) return
        something.openUnsafe()
        if (size < target) return
        room.closeUnsafe()
        enough.openUnsafe()
      }

      const take = (): readonly [Uint8Array] => {
        let count = 0
        let length = 0
        for (const chunk of held) {
          if (length >= target) break
          length += chunk.length
          count += 1
        }
        const taken = held.splice(0, count)
        size -= length
        if (end === undefined && size < target) {
          enough.closeUnsafe()
          if (size === 0) something.closeUnsafe()
          room.openUnsafe()
        }
        const [first] = taken
        if (first !== undefined && count === 1) return [first]
        const joined = Buffer.concat(taken, length)
        taken.forEach(Lent.giveBack)
        return [joined]
      }

      const read = pull.pipe(
        Effect.flatMap((chunks) => {
          keep(chunks)
          return room.await
        }),
        Effect.forever,
        Effect.onExit((exit) =>
          Effect.sync(() => {
            if (exit._tag === "Failure") end = exit.cause
            something.openUnsafe()
            enough.openUnsafe()
          })
        ),
        Effect.forkIn(scope)
      )

      const next: Effect.Effect<readonly [Uint8Array], E | Cause.Done> = something.await.pipe(
        Effect.andThen(
          Effect.suspend(() => (size >= target ? Effect.void : Effect.timeoutOption(enough.await, patience)))
        ),
        Effect.andThen(
          Effect.suspend(() => (size === 0 && end !== undefined ? Effect.failCause(end) : Effect.succeed(take())))
        )
      )
      return Effect.as(read, next)
    })
