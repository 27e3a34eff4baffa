/** Catalogs that are open to the master key only; with other keys a command tells what it still can. */
import type { CartoError } from "@effect-carto/core/CartoError"
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"

/** The other effect, where the key may not read the catalogs. */
export const orWithoutCatalogs =
  <B, E2, R2>(other: Effect.Effect<B, E2, R2>) =>
  <A, E, R>(self: Effect.Effect<A, E | CartoError, R>): Effect.Effect<A | B, E | CartoError | E2, R | R2> =>
    Effect.catchIf(self, areClosed, () => other)

const areClosed = (error: unknown): error is CartoError =>
  isCartoError(error) && error.reason._tag === "AuthError" && error.reason.message === "system tables are forbidden"

const isCartoError = (error: unknown): error is CartoError => Predicate.isTagged(error, "CartoError")
