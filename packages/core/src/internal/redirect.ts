/** Which redirects are followed: reads within one origin. A key never goes anywhere else, nor does a write. */
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Result from "effect/Result"
import { type CartoErrorReason, ValidationError } from "../CartoError.ts"

/** The request to send next, or why there is none. */
export const followed = (
  request: HttpClientRequest.HttpClientRequest,
  response: Pick<HttpClientResponse.HttpClientResponse, "status" | "headers">
): Result.Result<HttpClientRequest.HttpClientRequest, CartoErrorReason> => {
  const { status } = response
  const { location } = response.headers
  if (location === undefined || !URL.canParse(location, request.url)) {
    return refuse(status, "the server redirects without saying where to", "Check the address.")
  }
  const target = new URL(location, request.url)
  const source = new URL(request.url)
  if (target.origin !== source.origin) {
    const safer = target.protocol === "https:" || source.protocol === "http:"
    return refuse(
      status,
      `the server redirects to ${target.origin}, where the key is not sent`,
      safer ? `If you trust it, use ${target.origin} as the address.` : "It would leave https; do not follow it."
    )
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    return refuse(status, `the server redirects a ${request.method} to ${target.pathname}`, "Check the address.")
  }
  // The parameters travel on the request, so that a key among them stays redacted.
  return Result.succeed(HttpClientRequest.setUrl(request, `${target.origin}${target.pathname}`))
}

const refuse = (status: number, message: string, advice: string) =>
  Result.fail(new ValidationError({ status, message, advice }))
