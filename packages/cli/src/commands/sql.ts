/** `carto sql`: the SQL API. */
import { branch } from "../branch.ts"
import { cancel } from "./sql/cancel.ts"
import { copy } from "./sql/copy.ts"
import { explain } from "./sql/explain.ts"
import { job } from "./sql/job.ts"
import { query } from "./sql/query.ts"
import { running } from "./sql/running.ts"

export const sql = branch("sql", { query, explain, copy, job, running, cancel })
