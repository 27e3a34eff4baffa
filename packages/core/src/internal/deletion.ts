/** Deletes what may be gone already, because the answer to an earlier attempt was lost. */
import * as Effect from "effect/Effect"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type { CartoClient, RequestOptions } from "../CartoClient.ts"
import type { CartoError } from "../CartoError.ts"

/** Sends the request until it is answered. "Not found" is a failure, unless an attempt before it may have arrived. */
export const deletion = (
  carto: CartoClient["Service"],
  operation: string,
  request: HttpClientRequest.HttpClientRequest,
  options?: Omit<RequestOptions, "mayRepeat">
): Effect.Effect<void, CartoError> =>
  Effect.suspend(() => {
    let mayBeGone = false
    const mayRepeat = (error: CartoError) => {
      mayBeGone ||= error.isRetryable && !error.isSurelyUndone
      return true
    }
    return carto.text(operation, request, { ...options, mayRepeat }).pipe(
      Effect.catchIf(
        ({ reason }) => mayBeGone && reason._tag === "NotFoundError",
        () => Effect.void
      ),
      Effect.asVoid
    )
  })
