/** A job as it is printed: with the members and the spelling of the server. */
import * as Job from "@effect-carto/core/Job"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Records from "../../../Records.ts"

export const shape = Records.shape([
  "job_id",
  "user",
  "status",
  "query",
  "created_at",
  "updated_at",
  "failed_reason",
  "fallback_status"
])

const encode = Schema.encodeEffect(Job.Job)

/** The job as the server writes it. */
export const record = (job: Job.Job) => Effect.orDie(encode(job))

/** On one line. */
export const line = (job: Job.Job) => Effect.map(record(job), (encoded) => JSON.stringify(encoded))
