/** What commands about one dataset have in common. */
import * as Argument from "effect/cli/Argument"
import * as Flag from "effect/cli/Flag"

const isThere = (text: string): boolean => text !== ""

export const idOrName = Argument.String("DATASET").pipe(
  Argument.filter(isThere, () => "the name or the id of a dataset"),
  Argument.withDescription("Its name, schema.name, '\"a name.with dots\"' in double quotes, or its id")
)

/** Where SQL works on the table, ids mean nothing. */
export const tableName = Argument.String("DATASET").pipe(
  Argument.filter(isThere, () => "the name of a dataset"),
  Argument.withDescription("Its name, schema.name, or '\"a name.with dots\"' in double quotes")
)

export const force = Flag.Boolean("force").pipe(Flag.withDefault(false))
