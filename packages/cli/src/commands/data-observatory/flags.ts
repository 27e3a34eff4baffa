/** What commands about the Data Observatory have in common. */
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"

export const id = Argument.String("ID").pipe(
  Argument.filter(
    (text) => text.split(".").length === 3 && !text.split(".").includes(""),
    () => "an id of the form project.dataset.table"
  ),
  Argument.withDescription("Data of the Data Observatory, project.dataset.table")
)

export const type = Flag.Literals("type", ["dataset", "geography"]).pipe(
  Flag.withDescription("What the id means; default: what it says itself"),
  Flag.optional
)

export const name = Argument.String("NAME").pipe(
  Argument.filter(
    (text) => text !== "",
    () => "the name of a dataset"
  ),
  Argument.withDescription("A dataset of one's own at the service")
)
