/** The data of an upload as it goes into a COPY. */
import { createGunzip } from "node:zlib"
import * as NodeStream from "@effect/platform-node/NodeStream"
import * as Effect from "effect/Effect"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Ref from "effect/Ref"
import * as Stream from "effect/Stream"
import { type ApiError, badRequest } from "../ApiError.ts"

const maxSize = 2 * 1024 ** 3

const tooLarge = badRequest("COPY FROM maximum POST size of 2 GB exceeded")

const aborted = badRequest("Connection closed by client")

// The size on the wire is limited, not the inflated one.
const limited = <E, R>(bytes: Stream.Stream<Uint8Array, E, R>) =>
  Stream.suspend(() => {
    let size = 0
    return Stream.mapArrayEffect(bytes, (batch) => {
      for (const piece of batch) size += piece.length
      return size > maxSize ? Effect.fail(tooLarge) : Effect.succeed(batch)
    })
  })

const gunzipError = (cause: unknown): ApiError =>
  badRequest(`Error while gunzipping: ${cause instanceof Error ? cause.message : String(cause)}`)

/** The bytes, inflated if they are gzip (the one encoding known), and what broke them off once they did. */
export const upload = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
  const failed = yield* Ref.make<ApiError | undefined>(undefined)
  const wire = limited(Stream.mapError(request.stream, () => aborted))
  const bytes =
    request.headers["content-encoding"] === "gzip"
      ? NodeStream.pipeThroughDuplex(wire, { evaluate: () => createGunzip(), onError: gunzipError })
      : wire
  return { input: Stream.tapError(bytes, (error) => Ref.set(failed, error)), failure: Ref.get(failed) }
})
