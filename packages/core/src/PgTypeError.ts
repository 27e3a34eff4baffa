/** The failure of a PostgreSQL value to be what its type says. */
import * as Schema from "effect/Schema"

/** A value that is not in the form of its `pgtype`, or a type that has no decoder for the chosen format. */
export class PgTypeError extends Schema.TaggedError<PgTypeError>("carto/PgTypeError")("PgTypeError", {
  pgtype: Schema.String,
  column: Schema.String,
  reason: Schema.String
}) {
  override get message(): string {
    return `Column "${this.column}" of type ${this.pgtype}: ${this.reason}`
  }
}
