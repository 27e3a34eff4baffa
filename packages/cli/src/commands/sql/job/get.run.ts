/** The work of `carto sql job get`. */
import * as Job from "@effect-carto/core/Job"
import { SqlJobs } from "@effect-carto/core/SqlJobs"
import * as Effect from "effect/Effect"
import { JobJournal } from "../../../JobJournal.ts"
import * as Records from "../../../Records.ts"
import { withSession } from "../../../session.ts"
import { record, shape } from "./json.ts"

export const run = Effect.fnUntraced(function* ({ id }: { readonly id: string }) {
  const read = Effect.gen(function* () {
    const job = yield* withSession(
      SqlJobs.layer(),
      Effect.flatMap(SqlJobs, (jobs) => jobs.get(Job.JobId.make(id)))
    )
    yield* (yield* JobJournal).seen(id, job.status)
    return yield* record(job)
  })
  yield* Records.one(shape, read)
}, Effect.provide(JobJournal.layer))
