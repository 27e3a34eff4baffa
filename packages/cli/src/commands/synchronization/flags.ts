/** What commands about synchronizations have in common. */
import * as Argument from "effect/cli/Argument"

export const idOrName = Argument.String("ID-OR-NAME").pipe(
  Argument.filter(
    (text) => text !== "",
    () => "an id, or the name of a dataset"
  ),
  Argument.withDescription("The id, or the name of the dataset")
)
