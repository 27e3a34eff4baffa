/** One COPY TO request: its bytes, checked to their end. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { CartoClient } from "../CartoClient.ts"
import type { CartoError } from "../CartoError.ts"
import { toCartoError } from "./copyFailure.ts"
import { copyTail } from "./copyTail.ts"
import { repeatOptions, sqlRequest } from "./sqlRequest.ts"

/** `path` is that of the SQL API; the statement goes in the body, which has no limit of length. */
export const copyTo = (
  carto: CartoClient["Service"],
  operation: string,
  path: string,
  statement: string,
  isRepeatable: boolean
): Stream.Stream<Uint8Array, CartoError> =>
  Stream.unwrap(
    Effect.map(
      carto.open(
        operation,
        sqlRequest(`${path}/copyto`, "POST", { q: statement }),
        repeatOptions("copy_to", { isRepeatable })
      ),
      ({ bytes }) => bytes
    )
  ).pipe(Stream.pipeThroughChannel(copyTail()), Stream.mapError(toCartoError(operation, carto.clean)))
