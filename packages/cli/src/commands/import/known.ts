/** Says of an id that the server does not know what to do about it. */
import { CartoError } from "@effect-carto/core/CartoError"
import * as Effect from "effect/Effect"
import { failure } from "../../CommandError.ts"

const isNotFound = (error: unknown): boolean => error instanceof CartoError && error.reason._tag === "NotFoundError"

/** The server only says "not found". */
export const known =
  (id: string) =>
  <A, E, R>(self: Effect.Effect<A, E, R>) =>
    Effect.mapError(self, (error) =>
      isNotFound(error)
        ? failure(`There is no import ${JSON.stringify(id)}.`, "carto import list shows those that are under way.")
        : error
    )
