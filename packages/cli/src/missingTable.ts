/** What the database says of a table that is not there, with something to do about it. */
import type { CartoError } from "@effect-carto/core/CartoError"
import * as Predicate from "effect/Predicate"
import { type CommandError, failure } from "./CommandError.ts"

export const missingTable = <E>(error: E | CartoError): E | CartoError | CommandError =>
  isCartoError(error) && error.reason._tag === "SqlError" && /^relation .* does not exist/.test(error.reason.message)
    ? failure(`The ${error.reason.message}.`, "carto table list shows those that there are.")
    : error

const isCartoError = (error: unknown): error is CartoError => Predicate.isTagged(error, "CartoError")
