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
  const said = clean(system?.message ?? "").trim()
  const words = said === "" ? "" : `: ${said}`
  const isUnsent = (code !== undefined && neverSent.test(code)) || proxyRefusal.test(said)
  switch (error.reason._tag) {
    case "InvalidUrlError":
    case "EncodeError":
      return new ValidationError({ message: `the request cannot be sent${words}`, advice: "Check address and body." })
    case "TransportError":
      return new TransportError({
        message: isUnsent ? `cannot reach ${host}${words}` : `connection lost${words}`,
        ...(code === undefined ? {} : { code }),
        mayHaveArrived: !isUnsent
      })
    default:
      return new TransportError({
        message: `the answer broke off before its end${words}`,
        ...(code === undefined ? {} : { code }),
        mayHaveArrived: true
      })
  }
}

/** Failures before the first byte of a request left this machine: no name, no connection, no trust in a certificate. */
const neverSent =
  /^(ECONNREFUSED|ENOTFOUND|EAI_AGAIN|ENETUNREACH|EHOSTUNREACH|ERR_SOCKET_CONNECTION_TIMEOUT|ERR_PROXY_TUNNEL|UND_ERR_CONNECT_TIMEOUT|CERT_.*|ERR_SSL_.*|ERR_TLS_.*|.*SELF_SIGNED_CERT.*|UNABLE_TO_(GET_ISSUER_CERT|VERIFY_LEAF_SIGNATURE).*)$/

/** What undici, which effect has a client on too, says when a proxy does not let it through. */
const proxyRefusal = /^Proxy response \(\d+\)/

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
