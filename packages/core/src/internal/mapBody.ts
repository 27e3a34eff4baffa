/** What is sent to the Maps API as JSON, checked here first: much of it the server accepts, and fails later. */
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { Auth } from "../Auth.ts"
import type { CartoError } from "../CartoError.ts"
import { isPublicKey } from "./publicKey.ts"
import { refuse } from "./refuse.ts"
import { describe } from "./schemaProblems.ts"

/** Above it the server refuses with a 400 (Maps reference, §3.4). */
const maxBytes = 100 * 1024

/** The value as JSON, by its schema. `what` names it in the error. */
export const encoded = <S extends Schema.ConstraintEncoder<unknown>>(
  operation: string,
  what: string,
  schema: S,
  value: S["Type"]
): Effect.Effect<S["Encoded"], CartoError> =>
  Effect.mapError(Schema.encodeEffect(schema)(value, { errors: "all" }), notRight(operation, what))

export const decoded = <S extends Schema.ConstraintDecoder<unknown>>(
  operation: string,
  what: string,
  schema: S,
  json: unknown
): Effect.Effect<S["Type"], CartoError> =>
  Effect.mapError(Schema.decodeUnknownEffect(schema)(json, { errors: "all" }), notRight(operation, what))

/** Where and what was expected, not what was there: that may be a token. */
const notRight = (operation: string, what: string) => (error: Schema.SchemaError) =>
  refuse(operation, `${what} is not right: ${describe(error)}`, "Correct it; nothing was sent.")

/** Refuses a body that holds the account's key: the server would store it, and give it to whoever reads it back. */
export const jsonBody = Effect.fnUntraced(function* (
  operation: string,
  auth: Auth["Service"],
  json: unknown
): Effect.fn.Return<HttpBody.HttpBody, CartoError> {
  const text = JSON.stringify(json)
  const key = Option.match(yield* auth.apiKey, { onNone: () => "", onSome: Redacted.value })
  if (key !== "" && !isPublicKey(key) && text.includes(JSON.stringify(key).slice(1, -1))) {
    return yield* refuse(operation, "the account's API key stands in what was to be stored", "Take it out.")
  }
  const { length } = new TextEncoder().encode(text)
  if (length > maxBytes) {
    return yield* refuse(
      operation,
      `it has ${length} bytes, and the server takes ${maxBytes}`,
      "Keep long queries in views of the database."
    )
  }
  return HttpBody.text(text, "application/json")
})
