/** Members that servers of other ages leave out, or send as null. */
import * as Schema from "effect/Schema"
import { Timestamp } from "./timestamp.ts"

export const maybe = <S extends Schema.Constraint>(schema: S) => Schema.optionalKey(Schema.NullOr(schema))

export const text = maybe(Schema.String)
export const flag = maybe(Schema.Boolean)
/** Bytes go beyond 32 bits, and what remains of a quota may be negative and broken. */
export const count = maybe(Schema.Finite)
export const time = maybe(Timestamp)
export const texts = maybe(Schema.Array(Schema.String))
/** What differs from version to version. */
export const json = maybe(Schema.Json)

/** Cannot be encoded: whoever stores it unwraps it first. */
export const secret = maybe(Schema.RedactedFromValue(Schema.String, { label: "secret", disallowEncode: true }))
