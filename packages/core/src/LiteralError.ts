/** The one way a value or a name can fail to become SQL text. */
import * as Schema from "effect/Schema"

/** A value or name that has no faithful SQL text; `reason` says what to send instead. The value itself is not kept, it may be a secret. */
export class LiteralError extends Schema.TaggedError<LiteralError>("carto/LiteralError")("LiteralError", {
  /** What kind of value it was, for example `number` or `Map`. */
  kind: Schema.String,
  reason: Schema.String,
  /** Where it stood, when it was one of many. */
  column: Schema.optionalKey(Schema.String)
}) {
  override get message(): string {
    const where = this.column === undefined ? "" : ` in column "${this.column}"`
    return `Cannot write a ${this.kind}${where} as SQL: ${this.reason}`
  }
}

/** Whether a thrown value is a `LiteralError`. */
export const isLiteralError = (error: unknown): error is LiteralError => error instanceof LiteralError
