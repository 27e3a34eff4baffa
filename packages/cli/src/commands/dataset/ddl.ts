/** `carto dataset ddl`. */
import * as Command from "effect/cli/Command"
import { lazily } from "../../lazily.ts"
import { tableName } from "./flags.ts"

export const ddl = () =>
  Command.make(
    "ddl",
    { name: tableName },
    lazily(() => import("./ddl.run.ts"))
  ).pipe(
    Command.withDescription("Print the statements that make the table again: sequences, columns, constraints, indexes"),
    Command.withShortDescription("Print the statements that make the table again"),
    Command.withExamples([{ command: "carto dataset ddl stations > stations.sql" }])
  )
