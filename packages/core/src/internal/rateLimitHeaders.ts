/** The rate limiter's headers (SQL reference, §5): only SQL and Maps send them, and proxies send `Retry-After` alone. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"

type Headers = Readonly<Record<string, string | undefined>>

/** A count or a number of seconds. Older servers send -1 on allowed requests: that is no limit. */
const count = (headers: Headers, name: string): number | undefined => {
  const raw = headers[name]?.trim()
  return raw !== undefined && /^\d+(\.\d+)?$/.test(raw) ? Number(raw) : undefined
}

/** Seconds or an HTTP date, as a pause from `now` (milliseconds). Negative values mean "not limited". */
export const parseRetryAfter = (headers: Headers, now: number): Option.Option<Duration.Duration> => {
  const seconds = count(headers, "retry-after")
  if (seconds !== undefined) return Option.some(Duration.seconds(seconds))
  const raw = headers["retry-after"]
  const date = raw !== undefined && /[a-z]{3}/i.test(raw) ? Date.parse(raw) : Number.NaN
  return Number.isNaN(date) ? Option.none() : Option.some(Duration.millis(Math.max(0, date - now)))
}

export interface RateLimit {
  readonly limit?: number
  readonly remaining?: number
  readonly reset?: Duration.Duration
}

export const parseRateLimit = (headers: Headers): RateLimit => {
  const limit = count(headers, "carto-rate-limit-limit")
  const remaining = count(headers, "carto-rate-limit-remaining")
  const reset = count(headers, "carto-rate-limit-reset")
  return {
    ...(limit === undefined ? {} : { limit }),
    ...(remaining === undefined ? {} : { remaining }),
    ...(reset === undefined ? {} : { reset: Duration.seconds(reset) })
  }
}
