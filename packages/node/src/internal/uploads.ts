/** Bodies on their way out: what the operating system has of them is given back to who lent it. */
import * as DiagnosticsChannel from "node:diagnostics_channel"
import { Socket } from "node:net"
import * as NodeStream from "@effect/platform-node/NodeStream"
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as Predicate from "effect/Predicate"
import type * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"
import { coalesce } from "./coalesce.ts"
import * as Lent from "./lent.ts"

/** undici's cost is per write; below this size it is felt. */
const writeSize = 1 << 16

/** What undici tells right before the first byte of a request is written. */
const channel = "undici:client:sendHeaders"

export interface Uploads {
  /** A body for one attempt. Its chunks are written in large pieces, with a look at the socket before each. */
  readonly body: (body: HttpBody.Stream) => Effect.Effect<HttpBody.Raw>
}

export const make: Effect.Effect<Uploads, never, Scope.Scope> = Effect.gen(function* () {
  const sent = new WeakMap<object, Sent>()
  yield* Effect.acquireRelease(
    Effect.sync(() => {
      const begin = (message: unknown) => {
        const begun = beginning(message)
        if (begun !== undefined) sent.get(begun.body)?.begin(begun.socket, begun.head)
      }
      DiagnosticsChannel.subscribe(channel, begin)
      return begin
    }),
    (begin) => Effect.sync(() => DiagnosticsChannel.unsubscribe(channel, begin))
  )
  return {
    body: ({ contentLength, contentType, stream }) => {
      const ofBody = makeSent(contentLength === undefined)
      const attentive = stream.pipe(
        coalesce(writeSize),
        Stream.tap((chunk) => Effect.map(polled, () => ofBody.next(chunk)))
      )
      return Effect.map(NodeStream.toReadable(attentive), (readable) => {
        sent.set(readable, ofBody)
        return HttpBody.raw(readable, { contentType, contentLength })
      })
    }
  }
})

/** Undefined for requests whose body is no object, and should undici tell something else one day. */
const beginning = (
  message: unknown
): { readonly body: object; readonly head: number; readonly socket: Socket } | undefined => {
  if (!Predicate.hasProperty(message, "request") || !Predicate.hasProperty(message.request, "body")) return undefined
  if (!Predicate.hasProperty(message, "headers") || !Predicate.hasProperty(message, "socket")) return undefined
  const { body } = message.request
  const { headers, socket } = message
  return Predicate.isObject(body) && Predicate.isString(headers) && socket instanceof Socket
    ? { body, head: headers.length, socket }
    : undefined
}

interface Sent {
  readonly begin: (socket: Socket, head: number) => void
  readonly next: (chunk: Uint8Array) => void
}

/**
 * A body's chunks are counted into the socket, and out of it: when as many bytes have left it as there are up to a
 * chunk's end, nobody reads the chunk any more. undici itself tells no end of a write, and takes the next chunk before.
 */
const makeSent = (isChunked: boolean): Sent => {
  const waiting: Array<{ readonly chunk: Uint8Array; readonly end: number }> = []
  let total = 0
  let left = () => 0
  return {
    begin: (socket, head) => {
      const start = socket.bytesWritten + head
      left = () => socket.bytesWritten - socket.writableLength - start
    },
    next: (chunk) => {
      const gone = left()
      while (waiting[0] !== undefined && waiting[0].end <= gone) {
        Lent.giveBack(waiting[0].chunk)
        waiting.shift()
      }
      total += chunk.length + (isChunked ? frame(chunk.length) : 0)
      // The last line of the headers is not counted: behind it, a short chunk could seem to be gone.
      if (chunk.length >= writeSize && Lent.isLent(chunk)) waiting.push({ chunk, end: total })
    }
  }
}

/** Before each chunk of a body of unknown length: a line break, the length in hexadecimal, a line break. */
const frame = (length: number): number => length.toString(16).length + 4

/** Behind the second immediate, sockets were polled: the first may run in the same turn of the event loop. */
const polled = Effect.callback<void>((resume) => {
  let immediate = setImmediate(() => {
    immediate = setImmediate(() => resume(Effect.void))
  })
  return Effect.sync(() => clearImmediate(immediate))
})
