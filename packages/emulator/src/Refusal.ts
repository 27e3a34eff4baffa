/** A refusal of the platform's application, whose bodies have a dozen shapes (platform reference, §4). */
import * as Data from "effect/Data"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type { DatabaseError } from "./Database.ts"

/** Without a body the answer is the single space that the application sends; a text is sent bare, as it is. */
export class Refusal extends Data.TaggedError("Refusal")<{
  readonly status: number
  readonly body?: unknown
}> {}

/** Not this key, or none (E1). */
export const unauthorized = new Refusal({ status: 401 })

/** No such thing, or somebody else's (E1). */
export const missing = new Refusal({ status: 404 })

/** `{"errors": …}` (E2, E5, E7). */
export const refuse = (status: number, errors: unknown): Refusal => new Refusal({ status, body: { errors } })

/** `{"errors": text, "errors_cause": …}` of the common handler (E3). */
export const refuseWithCause = (status: number, errors: string, cause: string | null = null): Refusal =>
  new Refusal({ status, body: { errors, errors_cause: cause } })

/** What the application makes of an exception that nobody caught (E17). */
export const internalError = new Refusal({ status: 500, body: { status: "500", error: "Internal Server Error" } })

/** Nobody catches what the database says. */
export const fromDatabase = (_error: DatabaseError): Refusal => internalError

export const toResponse = ({ body, status }: Refusal): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(body === undefined ? " " : typeof body === "string" ? body : JSON.stringify(body), {
    status,
    contentType: "application/json; charset=utf-8"
  })
