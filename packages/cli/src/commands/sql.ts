/** `carto sql`: the SQL API. */
import * as Command from "effect/cli/Command"
import { copy } from "./sql/copy.ts"
import { explain } from "./sql/explain.ts"
import { job } from "./sql/job.ts"
import { query } from "./sql/query.ts"

export const sql = Command.make("sql").pipe(
  Command.withDescription("Run SQL, at once or as batch jobs, and copy data in and out"),
  Command.withSubcommands([query, explain, copy, job])
)
