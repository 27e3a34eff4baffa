/** A refusal in the words of CARTO's SQL and Maps servers: a status and `{"error":[message], …}`. */
import * as Data from "effect/Data"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type { DatabaseError } from "./Database.ts"

const timeoutMessage =
  "You are over platform's limits: SQL query timeout error. Refactor your query before running again or contact CARTO support for more details."

/** `detail` and `hint` are PostgreSQL's own texts; `context` is `limit` where the platform, not PostgreSQL, refused. */
export class ApiError extends Data.TaggedError("ApiError")<{
  readonly status: number
  readonly message: string
  readonly detail?: string | undefined
  readonly hint?: string | undefined
  readonly context?: string | undefined
}> {}

/** Bad parameters and most failures of SQL: status 400. */
export const badRequest = (message: string): ApiError => new ApiError({ status: 400, message })

/** A cancelled statement is a platform limit (429), a missing right is 403, all else is 400; a SQLSTATE is never sent. */
export const fromDatabase = (error: DatabaseError): ApiError =>
  error.code === "57014"
    ? new ApiError({ status: 429, message: timeoutMessage, context: "limit", detail: "datasource" })
    : new ApiError({
        status: error.message.includes("permission denied") ? 403 : 400,
        message: error.message,
        detail: error.detail,
        hint: error.hint
      })

/** The refusal's JSON text, as it also stands behind the data of a COPY that failed on its way. */
export const toJson = ({ context, detail, hint, message }: ApiError): string =>
  JSON.stringify({ error: [message], context, detail, hint })

/** With a JSONP `callback` every refusal is status 200, because a script tag cannot read another. */
export const toResponse = (error: ApiError, callback?: string): HttpServerResponse.HttpServerResponse =>
  callback === undefined
    ? HttpServerResponse.text(toJson(error), {
        status: error.status,
        contentType: "application/json; charset=utf-8",
        headers: { "content-disposition": "inline" }
      })
    : HttpServerResponse.text(`/**/ typeof ${callback} === 'function' && ${callback}(${toJson(error)});`, {
        contentType: "text/javascript; charset=utf-8",
        headers: { "content-disposition": "inline", "x-content-type-options": "nosniff" }
      })
