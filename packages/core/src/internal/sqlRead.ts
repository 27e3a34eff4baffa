/** A small query for services that are not about SQL. */
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type { CartoClient } from "../CartoClient.ts"
import { CartoError, ProtocolError } from "../CartoError.ts"
import { readAnswer } from "./sqlAnswer.ts"
import { sqlRequest } from "./sqlRequest.ts"

/** The rows, as JSON has them. The text must read only, as it may be sent twice, and hold no value of others. */
export const sqlRead = <S extends Schema.ConstraintDecoder<unknown>>(
  carto: CartoClient["Service"],
  operation: string,
  row: S,
  text: string
): Effect.Effect<ReadonlyArray<S["Type"]>, CartoError> => {
  const decode = Schema.decodeUnknownEffect(Schema.Array(row))
  const request = sqlRequest("/api/v2/sql", "POST", { q: text })
  return carto.text(operation, request, { group: "query", mayRepeat: () => true }).pipe(
    Effect.flatMap((body) => Effect.fromResult(readAnswer(operation, body, carto.clean))),
    Effect.flatMap(({ rows }) =>
      Effect.mapError(
        decode(rows),
        (error) =>
          new CartoError({
            operation,
            reason: new ProtocolError({
              status: 200,
              message: `the rows have another shape than expected: ${carto.clean(error.message)}`,
              body: ""
            })
          })
      )
    )
  )
}
