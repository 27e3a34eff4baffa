/** A job as JSON, with the members and the spelling of the server. */
import * as Job from "@effect-carto/core/Job"
import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"

const encode = Schema.encodeEffect(Job.Job)

export const json = (job: Job.Job, indent?: number) =>
  Effect.map(Effect.orDie(encode(job)), (encoded) => JSON.stringify(encoded, null, indent))
