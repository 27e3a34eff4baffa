/** What commands about one map have in common. */
import * as Argument from "effect/cli/Argument"

export const idOrName = Argument.String("ID-OR-NAME").pipe(
  Argument.filter(
    (text) => text !== "",
    () => "the id or the name of a map"
  ),
  Argument.withDescription("The id of the map, or its name if no other map has it")
)
