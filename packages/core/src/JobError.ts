/** The reason of a `CartoError` when a batch job, or one of the Data Observatory, did not do what it was to do. */
import * as Schema from "effect/Schema"

/** A batch job did not do what it was to do, or not yet (SQL reference, §7.3). */
export class JobError extends Schema.TaggedError<JobError>("carto/JobError")("JobError", {
  message: Schema.String,
  jobId: Schema.String,
  /** `failed`, `cancelled`, `unknown` when it is over; `pending`, `running` or what else it is when it has stalled. */
  jobStatus: Schema.String,
  /** The query that failed. Those before it stay done: each commits on its own. */
  query: Schema.optionalKey(Schema.String),
  /** What to do, for jobs that are not of SQL. */
  remedy: Schema.optionalKey(Schema.String)
}) {
  get isRetryable(): boolean {
    return false
  }
  get status(): undefined {
    return undefined
  }
  get advice(): string {
    if (this.remedy !== undefined) return this.remedy
    switch (this.jobStatus) {
      case "failed":
        return "Correct the query and create the job again; what its earlier queries did stays done."
      case "cancelled":
        return "Somebody cancelled it; create it again if that was not meant."
      case "pending":
      case "running":
        return "Cancel it: a query that was stopped inside the database leaves its job running for ever."
      default:
        return "Look at the tables that it was to change: nobody knows how far it came."
    }
  }
}
