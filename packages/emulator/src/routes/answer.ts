/** Sends bytes that the database is still making. */
import * as Effect from "effect/Effect"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Stream from "effect/Stream"

interface Answer {
  readonly contentType: string
  readonly headers: Readonly<Record<string, string>>
  /** Sent in one piece with its length. */
  readonly whole: boolean
}

const concat = (pieces: ReadonlyArray<Uint8Array>): Uint8Array => Buffer.concat(pieces)

/** `undefined` is an empty body, whose length is told. HEAD takes all bytes, too, so that its statement runs to the end and is kept. */
export const answer = <E, R>(
  request: HttpServerRequest.HttpServerRequest,
  bytes: Stream.Stream<Uint8Array, E, R> | undefined,
  { contentType, headers, whole }: Answer
): Effect.Effect<HttpServerResponse.HttpServerResponse, E, R> => {
  const empty = HttpServerResponse.empty({ status: 200, headers: { ...headers, "content-type": contentType } })
  if (bytes === undefined) return Effect.succeed(HttpServerResponse.setHeader(empty, "content-length", "0"))
  if (request.method === "HEAD") return Effect.as(Stream.runDrain(bytes), empty)
  if (whole) {
    return Effect.map(Stream.runCollect(bytes), (pieces) =>
      HttpServerResponse.uint8Array(concat(pieces), { contentType, headers })
    )
  }
  return Effect.map(Effect.context<R>(), (context) =>
    HttpServerResponse.stream(Stream.provideContext(bytes, context), { contentType, headers })
  )
}
