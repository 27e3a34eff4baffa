/** A body on its way out: what the operating system has of it is given back to who lent it. */
import type { ClientRequest } from "node:http"
import * as Effect from "effect/Effect"
import { identity } from "effect/Function"
import type * as HttpBody from "effect/http/HttpBody"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { coalesce } from "./coalesce.ts"
import * as Lent from "./lent.ts"

/** Every write costs the same; below this size it is felt. */
const writeSize = 1 << 16

/** Ends with the request, not with its answer. Fails as the body's source does. */
export const send = (outgoing: ClientRequest, body: HttpBody.HttpBody): Effect.Effect<void, unknown> => {
  switch (body._tag) {
    case "Empty":
      return Effect.sync(() => outgoing.end())
    case "Uint8Array":
      return Effect.sync(() => outgoing.end(body.body))
    case "Stream":
      return sendStream(outgoing, body.stream)
    case "FormData":
      return sendForm(outgoing, new Response(body.formData))
    case "Raw": {
      const raw = body.body
      return Predicate.isString(raw) || Predicate.isUint8Array(raw)
        ? Effect.sync(() => outgoing.end(raw))
        : Effect.fail(new TypeError("a body is text, bytes, a form or a stream of bytes"))
    }
  }
}

/** The border between its parts is told in a header. */
const sendForm = (outgoing: ClientRequest, { body, headers }: Response): Effect.Effect<void, unknown> => {
  outgoing.setHeader("content-type", headers.get("content-type") ?? "multipart/form-data")
  return body === null
    ? Effect.sync(() => outgoing.end())
    : sendStream(outgoing, Stream.fromReadableStream({ evaluate: () => body, onError: identity }))
}

/**
 * In large writes, with a look at the socket before each, so that when the server refuses an upload and closes, its
 * answer is read before the next write fails with EPIPE.
 */
const sendStream = <E>(outgoing: ClientRequest, bytes: Stream.Stream<Uint8Array, E>): Effect.Effect<void, E> => {
  // Node would leave it out for DELETE, whose body would then have no end.
  if (!outgoing.hasHeader("content-length")) outgoing.setHeader("transfer-encoding", "chunked")
  return bytes.pipe(
    coalesce(writeSize),
    Stream.runForEach((piece) => Effect.andThen(polled, written(outgoing, piece))),
    Effect.andThen(Effect.sync(() => outgoing.end()))
  )
}

/** Waits until the operating system has the bytes: nobody reads them here any more. */
const written = (outgoing: ClientRequest, piece: Uint8Array): Effect.Effect<void> =>
  Effect.callback((resume) => {
    outgoing.write(piece, (error) => {
      // The connection's end ends the upload; the request says why it ended.
      if (error) return
      Lent.giveBack(piece)
      resume(Effect.void)
    })
  })

/** Behind the second immediate, sockets were polled: the first may run in the same turn of the event loop. */
const polled = Effect.callback<void>((resume) => {
  let immediate = setImmediate(() => {
    immediate = setImmediate(() => resume(Effect.void))
  })
  return Effect.sync(() => clearImmediate(immediate))
})
