/** What effect's HTTP clients report when there is no answer, or no whole one. */
import type * as HttpClientError from "effect/http/HttpClientError"
import * as Predicate from "effect/Predicate"
import { type CartoErrorReason, TransportError, ValidationError } from "../CartoError.ts"

/** Keeps the system's words and nothing of the request: that one holds the key. */
export const fromHttpClientError = (
  error: HttpClientError.HttpClientError,
  host: string,
  clean: (text: string) => string
): CartoErrorReason => {
  const system = deepest(error.reason)
  const code = system?.code
  const words = system === undefined || system.message === "" ? "" : `: ${clean(system.message)}`
  switch (error.reason._tag) {
    case "InvalidUrlError":
    case "EncodeError":
      return new ValidationError({ message: `the request cannot be sent${words}`, advice: "Check address and body." })
    case "TransportError":
      return new TransportError({
        message: code !== undefined && neverSent.has(code) ? `cannot reach ${host}${words}` : `connection lost${words}`,
        ...(code === undefined ? {} : { code }),
        mayHaveArrived: code === undefined || !neverSent.has(code)
      })
    default:
      return new TransportError({
        message: `the answer broke off before its end${words}`,
        ...(code === undefined ? {} : { code }),
        mayHaveArrived: true
      })
  }
}

/** Failures before the first byte of a request left this machine. */
const neverSent = new Set([
  "ECONNREFUSED",
  "ENOTFOUND",
  "EAI_AGAIN",
  "ENETUNREACH",
  "EHOSTUNREACH",
  "UND_ERR_CONNECT_TIMEOUT",
  "CERT_HAS_EXPIRED",
  "DEPTH_ZERO_SELF_SIGNED_CERT",
  "SELF_SIGNED_CERT_IN_CHAIN",
  "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
  "ERR_TLS_CERT_ALTNAME_INVALID"
])

interface SystemError {
  readonly message: string
  readonly code?: string
}

/** The system's error stands one or two causes deep, by client; the innermost one that has a code says the most. */
const deepest = (error: unknown): SystemError | undefined => {
  let found: SystemError | undefined
  let current: unknown = error
  for (let depth = 0; depth < 6 && Predicate.isObject(current); depth++) {
    const message = Predicate.hasProperty(current, "message") && depth > 0 ? String(current.message) : ""
    if (Predicate.hasProperty(current, "code") && Predicate.isString(current.code)) {
      found = { message, code: current.code }
    } else if (message !== "" && found === undefined) found = { message }
    current = Predicate.hasProperty(current, "cause") ? current.cause : undefined
  }
  return found
}
