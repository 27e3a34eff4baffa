/** What commands about named maps have in common. */
import * as Argument from "effect/cli/Argument"

export const name = Argument.String("NAME").pipe(
  Argument.filter(
    (text) => text !== "",
    () => "the name of a named map"
  ),
  Argument.withDescription("The name of the named map")
)

export const file = Argument.String("FILE").pipe(Argument.withDescription("The template as JSON; - is standard input"))
