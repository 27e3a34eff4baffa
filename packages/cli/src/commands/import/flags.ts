/** What commands about one import have in common. */
import * as Argument from "effect/cli/Argument"

export const id = Argument.String("ID").pipe(
  Argument.filter(
    (text) => text !== "",
    () => "the id that carto import create printed"
  ),
  Argument.withDescription("The import's id")
)
