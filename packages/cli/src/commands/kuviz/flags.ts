/** What commands about custom visualizations have in common. */
import * as Argument from "effect/cli/Argument"

export const idOrName = Argument.String("ID-OR-NAME").pipe(
  Argument.filter(
    (text) => text !== "",
    () => "an id or a name"
  ),
  Argument.withDescription("The id of the page, or its name")
)
