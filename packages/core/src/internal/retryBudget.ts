/** Keeps retries from multiplying a server's trouble: many failing calls of one client share a bucket of tokens. */
import type { CartoError } from "../CartoError.ts"

const capacity = 100
/** A failure costs what five successes bring back; waiting for a rate limit loads the server less. */
const costs = { failure: 5, rateLimit: 1, refund: 1 }

export interface RetryBudget {
  /** Takes the tokens of one more attempt; false when there are not enough. */
  readonly take: (error: CartoError) => boolean
  readonly refund: () => void
}

export const make = (): RetryBudget => {
  let tokens = capacity
  return {
    take: (error) => {
      const cost = error.reason._tag === "RateLimitError" ? costs.rateLimit : costs.failure
      if (tokens < cost) return false
      tokens -= cost
      return true
    },
    refund: () => {
      tokens = Math.min(capacity, tokens + costs.refund)
    }
  }
}
