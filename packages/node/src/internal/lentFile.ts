/** A file's bytes in memory that is used again, for uploads. */
import * as Fs from "node:fs/promises"
import type { CartoError } from "@effect-carto/core/CartoError"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import type * as Pull from "effect/Pull"
import * as Stream from "effect/Stream"
import * as Lent from "./lent.ts"
import { refused } from "./systemError.ts"

/** Large reads make an upload two times faster than Node's default of 64 KiB. */
export const readSize = 1 << 20

/** Like `NodeFile.read`, but its chunks are lent: see `lent.ts`. Every run opens the file anew. */
export const read = (path: string): Stream.Stream<Uint8Array, CartoError> => {
  const onError = refused("NodeFile.read", "read", path)
  return Stream.unwrap(
    Effect.map(
      Effect.acquireRelease(Effect.tryPromise({ try: () => Fs.open(path), catch: onError }), (file) =>
        Effect.promise(() => file.close())
      ),
      (file) => {
        const { lend, take } = Lent.lender(readSize)
        const next: Pull.Pull<readonly [Uint8Array], CartoError> = Effect.suspend(() => {
          const memory = take()
          return Effect.flatMap(
            Effect.tryPromise({ try: () => file.read(memory, 0, readSize), catch: onError }),
            ({ bytesRead }): Pull.Pull<readonly [Uint8Array]> =>
              bytesRead === 0 ? Cause.done() : Effect.succeed([lend(memory, bytesRead)])
          )
        })
        return Stream.fromPull(Effect.succeed(next))
      }
    )
  )
}
