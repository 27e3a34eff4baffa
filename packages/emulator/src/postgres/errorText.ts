/** Errors of libraries in the emulator's own words. */
import * as Predicate from "effect/Predicate"

/** What an unknown error says of itself: its message alone, for PGlite's stacks quote kilobytes of minified source. */
export const errorText = (error: unknown): string =>
  Predicate.hasProperty(error, "message") ? String(error.message) : String(error)
