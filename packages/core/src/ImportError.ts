/** The reason of a `CartoError` when an import did not do what it was to do. */
import * as Schema from "effect/Schema"

/** An import that did not do what it was to do, or not yet (platform reference, §6.3, §6.4). */
export class ImportError extends Schema.TaggedError<ImportError>("carto/ImportError")("ImportError", {
  /** The title, the server's explanation without its HTML, and the code. */
  message: Schema.String,
  importId: Schema.String,
  /** `failure`, `stuck`, or `complete` when it made nothing; another one when it has stalled. */
  state: Schema.String,
  /** `ImportErrors` knows them. */
  code: Schema.optionalKey(Schema.Int),
  title: Schema.String,
  remedy: Schema.String,
  /** Where the server sees the cause: `user`, `cartodb` or `external`. */
  source: Schema.String,
  /** Who can act: on the data, on the account's plan, by importing again, or only the operator of the server. */
  fix: Schema.Literals(["data", "plan", "repeat", "operator"])
}) {
  /** The import as a whole may be repeated. */
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
