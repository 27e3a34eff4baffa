/** The failure of COPY data to be in its format. */
import * as Schema from "effect/Schema"

/** COPY data that breaks off or is malformed; `row` counts from 1, and every row before it was delivered. */
export class CopyFormatError extends Schema.TaggedError<CopyFormatError>("carto/CopyFormatError")("CopyFormatError", {
  format: Schema.Literals(["text", "csv", "binary"]),
  row: Schema.Int,
  reason: Schema.String
}) {
  override get message(): string {
    return `COPY ${this.format}, row ${this.row}: ${this.reason}`
  }
}
