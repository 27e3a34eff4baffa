/** Hands the data of COPY FROM STDIN to a worker that waits for it inside of PostgreSQL. */
import type { MessagePort } from "node:worker_threads"
import * as Cause from "effect/Cause"
import * as Effect from "effect/Effect"
import * as Queue from "effect/Queue"
import * as Stream from "effect/Stream"
import { errorText } from "../postgres/errorText.ts"
import { copyData, copyDone, copyFail, pieces } from "../postgres/frontend.ts"
import { Control, inputWindow } from "./protocol.ts"

/**
 * Posts a whole input, no faster than PostgreSQL takes it; a failure becomes CopyFail.
 *
 * @param taken gets one item for each piece that the worker took
 */
export const feed = Effect.fnUntraced(function* (
  input: Stream.Stream<Uint8Array, unknown>,
  port: MessagePort,
  control: Int32Array,
  taken: Queue.Queue<void>
) {
  const post = (message: Uint8Array<ArrayBuffer>) =>
    Effect.sync(() => {
      port.postMessage(message, [message.buffer])
      Atomics.add(control, Control.input, 1)
      Atomics.notify(control, Control.input)
    })
  yield* Queue.clear(taken)
  for (let piece = 0; piece < inputWindow; piece++) yield* Queue.offer(taken, undefined)

  yield* Stream.runForEach(input, (bytes) =>
    Effect.forEach(pieces(bytes), (piece) => Effect.andThen(Queue.take(taken), post(copyData(piece))), {
      discard: true
    })
  ).pipe(
    Effect.matchCauseEffect({
      onFailure: (cause) => post(copyFail(errorText(Cause.squash(cause)))),
      onSuccess: () => post(copyDone())
    })
  )
})
