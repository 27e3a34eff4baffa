/** What commands about API keys have in common. */
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"

export const name = Argument.String("NAME").pipe(
  Argument.filter(
    (text) => text !== "",
    () => "the name of a key"
  ),
  Argument.withDescription("The key's name, such as Master or 'Default public'; capitals count")
)

export const user = Flag.String("user").pipe(
  Flag.withMetavar("USERNAME"),
  Flag.withDescription("A member of the organization, for its owner; default: oneself"),
  Flag.optional
)
