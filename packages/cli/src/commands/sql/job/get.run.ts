/** The work of `carto sql job get`. */
import * as Job from "@effect-carto/core/Job"
import { SqlJobs } from "@effect-carto/core/SqlJobs"
import * as Effect from "effect/Effect"
import { JobJournal } from "../../../JobJournal.ts"
import * as Output from "../../../Output.ts"
import { withSession } from "../../../session.ts"
import { json } from "./json.ts"

export const run = Effect.fnUntraced(function* ({ id }: { readonly id: string }) {
  const job = yield* withSession(Effect.flatMap(SqlJobs, (jobs) => jobs.get(Job.JobId.make(id))))
  yield* (yield* JobJournal).seen(id, job.status)
  yield* Output.lines([yield* json(job, 2)])
}, Effect.provide(JobJournal.layer))
