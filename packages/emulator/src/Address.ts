/** Whose account a request addresses: `/user/alice/…` or `/u/alice/…` in the path wins over `alice.` in the host. */
import * as Effect from "effect/Effect"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import { type ApiError, badRequest } from "./ApiError.ts"

/** The path of the route that was asked for, without the account's prefix and the query string. */
export const path = (request: HttpServerRequest.HttpServerRequest): string =>
  (request.url.split("?", 1)[0] ?? "").replace(/^\/(?:user|u)\/[^/]+(?=\/)/i, "")

/** The user's name. Fails when neither path nor host has one. */
export const user = (request: HttpServerRequest.HttpServerRequest): Effect.Effect<string, ApiError> => {
  const inPath = /^\/(?:user|u)\/([^/?]+)\//i.exec(request.url)?.[1]
  if (inPath !== undefined) return Effect.succeed(inPath)
  const host = (request.headers.host ?? "").replace(/:\d*$/, "")
  const dot = host.indexOf(".")
  return dot > 0
    ? Effect.succeed(host.slice(0, dot))
    : Effect.fail(badRequest(`No username found in hostname '${host}'`))
}

/** The account's own address, in the form that the request has, for the links in an answer. */
export const base = (request: HttpServerRequest.HttpServerRequest): string =>
  `http://${request.headers.host ?? "127.0.0.1"}${/^\/(?:user|u)\/[^/?]+(?=\/)/i.exec(request.url)?.[0] ?? ""}`
