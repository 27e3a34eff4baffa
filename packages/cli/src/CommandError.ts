/** What goes wrong in the command itself, beside the server. */
import * as Schema from "effect/Schema"

/** A failure told in one sentence and, where there is something to do, one line of advice. */
export class CommandError extends Schema.TaggedError<CommandError>("carto-cli/CommandError")("CommandError", {
  /** `usage`: another call would work. `authentication`: there is no account or key to work with. */
  kind: Schema.Literals(["failure", "usage", "authentication"]),
  message: Schema.String,
  advice: Schema.optionalKey(Schema.String)
}) {}

export const failure = (message: string, advice?: string): CommandError => make("failure", message, advice)
export const usage = (message: string, advice?: string): CommandError => make("usage", message, advice)
export const authentication = (message: string, advice?: string): CommandError =>
  make("authentication", message, advice)

const make = (kind: CommandError["kind"], message: string, advice: string | undefined) =>
  new CommandError({ kind, message, ...(advice === undefined ? {} : { advice }) })
