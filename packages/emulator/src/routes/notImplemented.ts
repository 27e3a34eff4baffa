/** What only the real CARTO has. */
import * as Effect from "effect/Effect"
import { ApiError, toResponse } from "../ApiError.ts"

/** 501, in one of the shapes that every client reads. */
export const notImplemented = (what: string) =>
  toResponse(new ApiError({ status: 501, message: `${what} is not implemented by the local emulator` }))

/** A route of its own for it. */
export const missingHere = (what: string) => Effect.sync(() => notImplemented(what))
