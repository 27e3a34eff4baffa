/** Where a request may go on to. A key never goes to another origin, nor does a write; a download may, without the key. */
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Result from "effect/Result"
import { type CartoErrorReason, ValidationError } from "../CartoError.ts"

/** What may happen at the border of the account's origin; `anonymous` is HTML's word for "without credentials". */
export type CrossOrigin = "refuse" | "anonymous"

export interface Rules {
  readonly crossOrigin: CrossOrigin
  /** Whether a text holds the key: an address may, when a server puts it there. */
  readonly holdsKey: (text: string) => boolean
}

type Next = Result.Result<HttpClientRequest.HttpClientRequest, CartoErrorReason>

/** The request to send next, or why there is none. */
export const followed = (
  request: HttpClientRequest.HttpClientRequest,
  response: Pick<HttpClientResponse.HttpClientResponse, "status" | "headers">,
  rules: Rules
): Next => {
  const { status } = response
  const { location } = response.headers
  if (location === undefined || !URL.canParse(location, request.url)) {
    return refuse("the server redirects without saying where to", "Check the address.", status)
  }
  const target = new URL(location, request.url)
  const source = new URL(request.url)
  if (rules.crossOrigin === "anonymous" && request.method === "GET") {
    return toDownload(request, target, source, rules, status)
  }
  if (target.origin !== source.origin) {
    const safer = target.protocol === "https:" || source.protocol === "http:"
    return refuse(
      `the server redirects to ${target.origin}, where the key is not sent`,
      safer ? `If you trust it, use ${target.origin} as the address.` : "It would leave https; do not follow it.",
      status
    )
  }
  if (request.method !== "GET" && request.method !== "HEAD") {
    return refuse(`the server redirects a ${request.method} to ${target.pathname}`, "Check the address.", status)
  }
  // The parameters travel on the request, so that a key among them stays redacted.
  return Result.succeed(HttpClientRequest.setUrl(request, `${target.origin}${target.pathname}`))
}

/** A request for an address that the server has told, whole or relative to the account's (platform reference, §11). */
export const told = (request: HttpClientRequest.HttpClientRequest, baseUrl: string, rules: Rules): Next => {
  const base = `${baseUrl}/`
  return URL.canParse(request.url, base)
    ? toDownload(request, new URL(request.url, base), new URL(base), rules, 200)
    : refuse("the server told an address that is none", "Tell the operator of the server.", 200)
}

/** The address is sent as it was written: a signature holds for its letters. */
const toDownload = (
  request: HttpClientRequest.HttpClientRequest,
  target: URL,
  source: URL,
  { holdsKey }: Rules,
  status: number
): Next => {
  if (target.protocol !== "https:" && (target.protocol !== "http:" || source.protocol === "https:")) {
    return refuse(
      `the download is at ${target.protocol}//${target.host}`,
      "It would leave https; do not follow it.",
      status
    )
  }
  if (target.origin === source.origin) return Result.succeed(HttpClientRequest.setUrl(request, target.href))
  if (holdsKey(target.href)) {
    return refuse(`the download at ${target.origin} is to be told the key`, "Do not follow it; renew the key.", status)
  }
  // Made anew, so that nothing goes along that another place has put on the request.
  const { "user-agent": userAgent = "" } = request.headers
  return Result.succeed(HttpClientRequest.get(target.href, { headers: { "user-agent": userAgent } }))
}

/** `status` of the answer that told the address: the server is at fault, and not what it was asked. */
const refuse = (message: string, advice: string, status: number) =>
  Result.fail(new ValidationError({ status, message, advice }))
