/** The server's "not found", told of the dataset that was asked for. */
import type { CartoError } from "@effect-carto/core/CartoError"
import * as Effect from "effect/Effect"
import { type CommandError, failure } from "../../CommandError.ts"

export const found =
  (dataset: string) =>
  <A, R>(self: Effect.Effect<A, CartoError, R>): Effect.Effect<A, CartoError | CommandError, R> =>
    Effect.mapError(self, (error) =>
      error.reason._tag === "NotFoundError"
        ? failure(`Not found: ${dataset}, at least not for this key.`, "carto dataset list shows those that there are.")
        : error
    )
