/** The reason of a `CartoError` when the export of a map came to no file. */
import * as Schema from "effect/Schema"

/** The export of a map came to no file (platform reference, §11). */
export class ExportError extends Schema.TaggedError<ExportError>("carto/ExportError")("ExportError", {
  message: Schema.String,
  exportId: Schema.String,
  /** `failure` when it is over without a file, `complete` when its file is gone, else where it has stalled. */
  exportState: Schema.String
}) {
  get isRetryable(): boolean {
    return false
  }
  get status(): undefined {
    return undefined
  }
  get advice(): string {
    switch (this.exportState) {
      case "complete":
        return "The links of exports expire: export the map again."
      case "failure":
        return "Export the map again, or a part of its datasets; the server does not tell the cause."
      default:
        return "Wait until it is complete; if it does not move, export the map again."
    }
  }
}
