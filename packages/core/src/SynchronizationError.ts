/** The reason of a `CartoError` when a synchronization brought nothing. */
import * as Schema from "effect/Schema"

/** A run of a synchronization that brought nothing, or does not end (platform reference, §7.3). */
export class SynchronizationError extends Schema.TaggedError<SynchronizationError>("carto/SynchronizationError")(
  "SynchronizationError",
  {
    /** The title, the server's explanation without its HTML, and the code. */
    message: Schema.String,
    synchronizationId: Schema.String,
    /** `failure`, or where it stands when it has stalled or its first import failed. */
    state: Schema.String,
    /** `ImportErrors` knows them. */
    code: Schema.optionalKey(Schema.Int),
    title: Schema.String,
    remedy: Schema.String,
    /** Who can act: on the source, on the account's plan, by running it again, or only the operator of the server. */
    fix: Schema.Literals(["data", "plan", "repeat", "operator"])
  }
) {
  /** Another run may succeed. */
  get isRetryable(): boolean {
    return this.fix === "repeat"
  }
  get status(): undefined {
    return undefined
  }
  get advice(): string {
    return this.remedy
  }
}
