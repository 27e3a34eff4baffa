/** The reader of standard output went away, as `head` does when it has seen enough. */
import * as Schema from "effect/Schema"

/** Ends the command quietly and as a success: whoever read has what it wanted. */
export class ClosedPipe extends Schema.TaggedError<ClosedPipe>("carto-cli/ClosedPipe")("ClosedPipe", {}) {}
