/**
 * The one error of the library. Its `reason` says what kind of failure it is:
 *
 * ```
 * CartoError { operation, reason }
 *   ├ RateLimitError          429: too many requests; the server says how long to wait
 *   ├ ConcurrencyError        429 or 400: too many imports or queued jobs at once
 *   ├ StatementTimeoutError   429: the database stopped the statement; waiting does not help
 *   ├ SqlError                PostgreSQL refused the statement
 *   ├ AuthError               401, 403: the key is unknown or may not do this
 *   ├ NotFoundError           404, or a 400 that says so
 *   ├ JobError                a batch job failed, was cancelled, or does not go on
 *   ├ ImportError             an import failed, made nothing, or does not go on
 *   ├ SynchronizationError    a run of a synchronization failed, or does not go on
 *   ├ ExportError             a map's export failed, does not go on, or its file is gone
 *   ├ MapError                the Maps API refused a map; says which layer, analysis or line of CartoCSS
 *   ├ QuotaError              the account's storage, size or plan limit is reached
 *   ├ ValidationError         the request is wrong; found here or by the server
 *   ├ ServerError             5xx
 *   ├ TimeoutError            our own deadline passed
 *   ├ TransportError          the server was not reached, or the connection broke
 *   └ ProtocolError           an answer that is not what CARTO says: HTML, cut JSON, another shape
 * ```
 */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { ExportError } from "./ExportError.ts"
import { ImportError } from "./ImportError.ts"
import { JobError } from "./JobError.ts"
import { MapError } from "./MapError.ts"
import { SynchronizationError } from "./SynchronizationError.ts"

export { ExportError, ImportError, JobError, MapError, SynchronizationError }

const text = {
  /** The server's own words, or ours where no server spoke. */
  message: Schema.String
}
const answered = { ...text, status: Schema.Int }
const detailed = {
  ...answered,
  /** PostgreSQL's DETAIL. */
  detail: Schema.optionalKey(Schema.String),
  /** PostgreSQL's HINT. */
  hint: Schema.optionalKey(Schema.String)
}

/** 429 of the rate limiter (SQL reference, §5). `retryAfter` is the pause the server asked for. */
export class RateLimitError extends Schema.TaggedError<RateLimitError>("carto/RateLimitError")("RateLimitError", {
  ...answered,
  retryAfter: Schema.optionalKey(Schema.Duration),
  /** Requests that fit into one burst. */
  limit: Schema.optionalKey(Schema.Finite),
  remaining: Schema.optionalKey(Schema.Finite),
  /** Until the whole burst is available again. */
  reset: Schema.optionalKey(Schema.Duration)
}) {
  get isRetryable(): boolean {
    return true
  }
  get advice(): string {
    return this.retryAfter === undefined
      ? "Wait a while and repeat it."
      : `Repeat it in ${Duration.format(this.retryAfter)}, or allow more retries.`
  }
}

/** All import slots are taken, or too many jobs wait (platform reference, §17; SQL reference, §7.1). */
export class ConcurrencyError extends Schema.TaggedError<ConcurrencyError>("carto/ConcurrencyError")(
  "ConcurrencyError",
  answered
) {
  get isRetryable(): boolean {
    return true
  }
  get advice(): string {
    return "Wait until one that is running has ended."
  }
}

/** 429 with `"detail":"datasource"`: the account's statement timeout (SQL reference, §4). */
export class StatementTimeoutError extends Schema.TaggedError<StatementTimeoutError>("carto/StatementTimeoutError")(
  "StatementTimeoutError",
  answered
) {
  get isRetryable(): boolean {
    return false
  }
  get advice(): string {
    return "Repeating it will not help. Read through COPY, which may run for hours, or read less at once."
  }
}

/** PostgreSQL refused the statement. The API sends no SQLSTATE. */
export class SqlError extends Schema.TaggedError<SqlError>("carto/SqlError")("SqlError", detailed) {
  get isRetryable(): boolean {
    return false
  }
  get advice(): string {
    return this.hint ?? (isAboutData.test(this.message) ? "Correct the data." : "Correct the statement.")
  }
}

/** PostgreSQL's words for values that it cannot store, and for lines of COPY that it cannot read. */
const isAboutData =
  /^(?:invalid input syntax|invalid byte sequence|missing data for column|extra data after|unterminated CSV|unquoted |duplicate key value|null value in column|value too long|new row for relation|insert or update on table|.* (?:is )?out of range)/

/** 401 and 403: the key is unknown, expired, of another account, or lacks a grant. */
export class AuthError extends Schema.TaggedError<AuthError>("carto/AuthError")("AuthError", detailed) {
  get isRetryable(): boolean {
    return false
  }
  get advice(): string {
    if (this.hint !== undefined) return this.hint
    // No grant opens them (SQL reference, §6.4).
    if (this.message === "system tables are forbidden") return "Use the master key: no other may read the catalogs."
    return this.status === 401
      ? "Check that the key belongs to this account and user."
      : "Use a key that was granted this, or ask the owner for the grant."
  }
}

/** The user, table, job or route does not exist, or not for this key. */
export class NotFoundError extends Schema.TaggedError<NotFoundError>("carto/NotFoundError")("NotFoundError", answered) {
  get isRetryable(): boolean {
    return false
  }
  get advice(): string {
    return "Check the address, the user and the name."
  }
}

/** A limit of the account's plan or of the server's sizes. */
export class QuotaError extends Schema.TaggedError<QuotaError>("carto/QuotaError")("QuotaError", detailed) {
  get isRetryable(): boolean {
    return false
  }
  get advice(): string {
    return "Send less, delete something, or ask for a larger plan."
  }
}

/** The request itself is wrong. Without `status` it was not sent. */
export class ValidationError extends Schema.TaggedError<ValidationError>("carto/ValidationError")("ValidationError", {
  ...text,
  status: Schema.optionalKey(Schema.Int),
  advice: Schema.String
}) {
  get isRetryable(): boolean {
    return false
  }
}

/** 5xx: the server, or a proxy before it, failed. */
export class ServerError extends Schema.TaggedError<ServerError>("carto/ServerError")("ServerError", {
  ...answered,
  /** Some proxies say with a 503 when to come back. */
  retryAfter: Schema.optionalKey(Schema.Duration)
}) {
  get isRetryable(): boolean {
    return this.status !== 501
  }
  get advice(): string {
    return this.status === 501
      ? "The server cannot do this; ask for something else."
      : "Repeat it later; if it stays, tell the operator of the server."
  }
}

/** Our own deadline passed. What was sent may still be done by the server. */
export class TimeoutError extends Schema.TaggedError<TimeoutError>("carto/TimeoutError")("TimeoutError", {
  ...text,
  after: Schema.Duration
}) {
  get isRetryable(): boolean {
    return false
  }
  get status(): undefined {
    return undefined
  }
  get advice(): string {
    return "Allow more time, or do less in one request."
  }
}

/** The connection could not be made, or broke. */
export class TransportError extends Schema.TaggedError<TransportError>("carto/TransportError")("TransportError", {
  ...text,
  /** The system's error code, such as `ECONNREFUSED`. */
  code: Schema.optionalKey(Schema.String),
  /** `false` when the request surely never reached the server, so that anything may be repeated. */
  mayHaveArrived: Schema.Boolean
}) {
  get isRetryable(): boolean {
    return true
  }
  get status(): undefined {
    return undefined
  }
  get advice(): string {
    return this.mayHaveArrived
      ? "Check what the server has done before you repeat a change."
      : "Check the address, the network and the proxy."
  }
}

/** The answer is not what the wire reference describes. `body` is its beginning. */
export class ProtocolError extends Schema.TaggedError<ProtocolError>("carto/ProtocolError")("ProtocolError", {
  ...answered,
  body: Schema.String
}) {
  get isRetryable(): boolean {
    return false
  }
  get advice(): string {
    return "Check that the address is a CARTO server's and that no proxy answers in its place."
  }
}

export const CartoErrorReason = Schema.Union([
  RateLimitError,
  ConcurrencyError,
  StatementTimeoutError,
  SqlError,
  AuthError,
  NotFoundError,
  JobError,
  ImportError,
  SynchronizationError,
  ExportError,
  MapError,
  QuotaError,
  ValidationError,
  ServerError,
  TimeoutError,
  TransportError,
  ProtocolError
])
export type CartoErrorReason = typeof CartoErrorReason.Type

const received = new WeakMap<CartoError, ReadonlyArray<unknown>>()

/** What every operation of this library may fail with. Catch a kind with `Effect.catchReason("CartoError", …)`. */
export class CartoError extends Schema.TaggedError<CartoError>("carto/CartoError")("CartoError", {
  /** The call that failed, such as `Sql.query`. */
  operation: Schema.String,
  reason: CartoErrorReason
}) {
  /** An error that came after rows: the server broke off an answer with status 200 (SQL reference, §6.4). */
  static afterRows(props: { operation: string; reason: CartoErrorReason }, rows: ReadonlyArray<unknown>): CartoError {
    const error = new CartoError(props)
    received.set(error, rows)
    return error
  }

  override readonly cause = this.reason

  /** The rows that arrived before the error. They are no part of what is logged or encoded. */
  get rows(): ReadonlyArray<unknown> {
    return received.get(this) ?? []
  }

  get isRetryable(): boolean {
    return this.reason.isRetryable
  }

  /** The request was refused unread or never arrived, so that sending it again cannot do anything twice. */
  get isSurelyUndone(): boolean {
    const { reason } = this
    return reason._tag === "RateLimitError" || (reason._tag === "TransportError" && !reason.mayHaveArrived)
  }

  /** HTTP status, when a server answered. */
  get status(): number | undefined {
    return this.reason.status
  }

  /** What to do next, in one line. */
  get advice(): string {
    return this.reason.advice
  }

  /** The pause the server asked for. */
  get retryAfter(): Duration.Duration | undefined {
    return "retryAfter" in this.reason ? this.reason.retryAfter : undefined
  }

  override get message(): string {
    return `${this.operation}: ${this.reason.message}`
  }
}
