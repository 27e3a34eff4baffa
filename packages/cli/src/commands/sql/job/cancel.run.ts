/** The work of `carto sql job cancel`. */
import * as Job from "@effect-carto/core/Job"
import { SqlJobs } from "@effect-carto/core/SqlJobs"
import * as Effect from "effect/Effect"
import { JobJournal } from "../../../JobJournal.ts"
import * as Output from "../../../Output.ts"
import { withSession } from "../../../session.ts"
import { describe } from "./follow.ts"

export const run = Effect.fnUntraced(function* ({ id }: { readonly id: string }) {
  const job = yield* withSession(Effect.flatMap(SqlJobs, (jobs) => jobs.cancel(Job.JobId.make(id))))
  yield* (yield* JobJournal).seen(id, job.status)
  yield* Output.note(`job ${id} ${describe(job)}`)
}, Effect.provide(JobJournal.layer))
