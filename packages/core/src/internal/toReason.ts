/** The one place that knows what a bad status and its body mean. */
import * as Option from "effect/Option"
import type * as CartoError from "../CartoError.ts"
import {
  AuthError,
  ConcurrencyError,
  MapError,
  NotFoundError,
  ProtocolError,
  QuotaError,
  RateLimitError,
  ServerError,
  SqlError,
  StatementTimeoutError,
  ValidationError
} from "../CartoError.ts"
import { expired } from "../MapError.ts"
import type { MapProblem } from "../MapProblem.ts"
import { type ErrorBody, readErrorBody } from "./errorBody.ts"
import { parseRateLimit, parseRetryAfter } from "./rateLimitHeaders.ts"
import { toMapReason } from "./toMapReason.ts"

export interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly body: string
}

/** `now` in milliseconds: a `Retry-After` of a proxy may be a date. */
export const toReason = (answer: Answer, now: number): CartoError.CartoErrorReason => {
  // A vector tile says in pictures what a JSON body says in words (Maps reference, §8).
  const isTile = answer.headers["content-type"]?.startsWith("application/x-protobuf") === true
  const body = readErrorBody(isTile ? "" : answer.body)
  const { status } = answer
  const said = { status, message: body.message === "" ? phrase(status) : body.message }
  const retryAfter = Option.match(parseRetryAfter(answer.headers, now), {
    onNone: () => ({}),
    onSome: (retryAfter) => ({ retryAfter })
  })
  const ofMap = mapProblems(body)
  const reason = ofMap === undefined ? undefined : toMapReason(said, ofMap)
  if (reason !== undefined) return reason
  switch (status) {
    case 401:
      return new AuthError({ ...said, ...extras(body) })
    case 402:
      return new QuotaError({ ...said, ...extras(body) })
    case 403:
      return isQuota(body.message)
        ? new QuotaError({ ...said, ...extras(body) })
        : body.shape === "html"
          ? protocol(answer, said)
          : new AuthError({ ...said, ...extras(body) })
    case 404:
      return new NotFoundError(said)
    case 408:
      return new ServerError({ ...said, ...retryAfter })
    case 413:
      return new QuotaError({ ...said, ...extras(body) })
    case 414:
    case 431:
      return new ValidationError({ ...said, advice: "The address is too long; send the statement by POST." })
    case 429:
      if (body.detail === "datasource" || isStatementTimeout(body.message)) return new StatementTimeoutError(said)
      if (body.api === "imports") return new ConcurrencyError(said)
      // Only the rate limiter says how long to wait; the others are timeouts.
      if (isTile && Option.isNone(parseRetryAfter(answer.headers, now))) {
        return new MapError({ status, message: "the server gave up making the tile", problems: [] })
      }
      return new RateLimitError({ ...said, ...retryAfter, ...parseRateLimit(answer.headers) })
  }
  if (status >= 500) return new ServerError({ ...said, ...retryAfter })
  if (status < 400 || body.shape === "html") return protocol(answer, said)
  return body.api === "sql"
    ? toSqlReason(body, status)
    : new ValidationError({ ...said, advice: "Correct the request." })
}

/** Servers of old say only the words, by which an expired map can be told (Maps reference, §4). */
const mapProblems = ({ message, problems }: ErrorBody): ReadonlyArray<MapProblem> | undefined =>
  problems ?? (message.startsWith(expired) ? [{ type: "unknown", message }] : undefined)

/** The meaning of an error object of the SQL API: of a 400, behind rows of a 200, behind COPY data. */
export const toSqlReason = (
  body: Pick<ErrorBody, "message" | "detail" | "hint" | "context">,
  status: number
): CartoError.CartoErrorReason => {
  const said = { status, message: body.message }
  const { message } = body
  if (body.detail === "datasource" || isStatementTimeout(message)) return new StatementTimeoutError(said)
  if (/^permission denied/.test(message)) return new AuthError({ ...said, ...extras(body) })
  if (/^Job with id .* not found$/.test(message)) return new NotFoundError(said)
  if (/^Failed to create job\. Max number of jobs/.test(message)) return new ConcurrencyError(said)
  if (isQuota(message)) return new QuotaError({ ...said, ...extras(body) })
  const advice = wrongRequests.find(([pattern]) => pattern.test(message))?.[1]
  return advice === undefined ? new SqlError({ ...said, ...extras(body) }) : new ValidationError({ ...said, advice })
}

/** 400s that are about the request, not about the statement (SQL reference, §6.1, §7.1, §8.1). */
const wrongRequests: ReadonlyArray<readonly [RegExp, string]> = [
  [/^You must indicate a (valid )?sql/i, "Give a statement."],
  [/^SQL is missing$/, "Give a COPY statement."],
  [/^SQL must start with COPY$/, "Give a statement that begins with COPY."],
  [/^Invalid format: /, "Use one of the formats that the SQL API knows."],
  [/^No rows copied$/, "The data held no rows: check the header option and the source."],
  [/^Error while gunzipping/, "The data is not whole gzip: send it again, or without compression."],
  [/^No username found in hostname/, "Give an address that names the user, such as https://HOST/user/NAME."],
  [/^Your payload is too large/, "A job may have 16,384 characters: split it, or load data through COPY."],
  [/^there is no job class/, "Give a query, a list of queries, or queries with fallbacks."],
  [/^Connection closed by server: input data too slow$/, "The server asks for faster data: compress it, or send less."]
]

const isQuota = (message: string): boolean =>
  /^(DB Quota exceeded|Quota exceeded by|COPY FROM maximum POST size|You have reached the limit of)/.test(message)

/** In an answer with status 200 the text is all there is to know a timeout by (SQL reference, §6.4). */
const isStatementTimeout = (message: string): boolean =>
  /SQL query timeout error|canceling statement due to (statement timeout|user request)/.test(message)

const extras = (body: Pick<ErrorBody, "detail" | "hint">) => ({
  ...(body.detail === undefined ? {} : { detail: body.detail }),
  ...(body.hint === undefined ? {} : { hint: body.hint })
})

const protocol = (answer: Answer, said: { readonly status: number; readonly message: string }) =>
  new ProtocolError({ ...said, body: answer.body.slice(0, 500) })

const phrases: Readonly<Record<number, string>> = {
  400: "bad request",
  401: "the key was refused",
  402: "the plan's limit is reached",
  403: "not allowed",
  404: "not found",
  408: "the server waited too long for the request",
  413: "the request is too large for the server",
  414: "the address is too long",
  429: "too many requests",
  431: "the request line and headers are too long",
  500: "internal server error",
  502: "a proxy could not reach the server",
  503: "the service is not available",
  504: "a proxy waited too long for the server"
}
/** Many refusals have no body at all (E1). */
const phrase = (status: number): string => phrases[status] ?? `the server answered with status ${status}`
