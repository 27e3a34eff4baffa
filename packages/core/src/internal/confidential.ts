/** Answers that hold tokens: what of them cannot be read is told without showing them. */
import * as Effect from "effect/Effect"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Schema from "effect/Schema"
import type { CartoClient, RequestOptions } from "../CartoClient.ts"
import { CartoError, ProtocolError } from "../CartoError.ts"

export const confidentialJson = <S extends Schema.ConstraintDecoder<unknown>>(
  carto: CartoClient["Service"],
  operation: string,
  schema: S,
  request: HttpClientRequest.HttpClientRequest,
  options: RequestOptions
): Effect.Effect<S["Type"], CartoError> =>
  Effect.flatMap(carto.text(operation, request, options), (body) =>
    Effect.mapError(
      Schema.decodeUnknownEffect(Schema.fromJsonString(schema))(body),
      () =>
        new CartoError({
          operation,
          reason: new ProtocolError({
            status: 200,
            message: "the answer has another shape than expected",
            body: "not shown, as it may hold tokens"
          })
        })
    )
  )
