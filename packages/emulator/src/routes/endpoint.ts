/** What every endpoint of an account does before its own work: find the user, count the request, read the key. */
import { hostname } from "node:os"
import * as Effect from "effect/Effect"
import * as HttpEffect from "effect/http/HttpEffect"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Address from "../Address.ts"
import { ApiError, toResponse } from "../ApiError.ts"
import { type ApiKey, Auth } from "../Auth.ts"
import * as Params from "../Params.ts"
import { RateLimit, type RateLimitGroup } from "../RateLimit.ts"
import { Account } from "../users/Account.ts"

/** A request whose account and key are known. */
export interface Exchange {
  readonly request: HttpServerRequest.HttpServerRequest
  readonly params: Params.Params
  readonly key: ApiKey
}

/** Puts headers on whatever the request is answered with from here on, refusals included. */
export const addHeaders = (headers: Readonly<Record<string, string>>) =>
  HttpEffect.appendPreResponseHandler((_request, response) =>
    Effect.succeed(HttpServerResponse.setHeaders(response, headers))
  )

/** The headers of everything under `/sql`, HTML errors included. */
export const corsHeaders = {
  "access-control-allow-origin": "*",
  "access-control-allow-headers": "*",
  "access-control-expose-headers": "*"
}

/** The name of the machine that answers. */
export const servedBy = { "x-served-by-host": hostname() }

/** The database's machine, on answers of queries. */
export const servedByDatabase = { "x-served-by-db-host": "127.0.0.1" }

const knownUser = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
  const user = yield* Address.user(request)
  yield* addHeaders({ "carto-user": user })
  const isGone = (yield* (yield* Account).state) === "deleted"
  if (isGone || user !== (yield* Auth).user) {
    return yield* new ApiError({
      status: 404,
      message: `Sorry, we can't find CARTO user '${user}'. Please check that you have entered the correct domain.`
    })
  }
  yield* addHeaders({ "carto-user-id": "1" })
  return user
})

const count = Effect.fnUntraced(function* (group: RateLimitGroup, user: string) {
  const verdict = yield* (yield* RateLimit).take(group, user)
  if (verdict === undefined) return
  yield* addHeaders(verdict.headers)
  if (!verdict.allowed) {
    return yield* new ApiError({
      status: 429,
      message: "You are over platform's limits. Please contact us to know more details",
      context: "limit",
      detail: "rate-limit"
    })
  }
})

/**
 * An endpoint: the checks in the servers' order (user, body, rate limit, key), then its own work.
 *
 * `body: "data"` leaves the body to the endpoint, and its key to query string and header. `key: "master"` refuses every
 * other key.
 */
export const endpoint = <R>(
  options: {
    readonly group: RateLimitGroup
    readonly body: "parameters" | "data"
    readonly key?: "master" | undefined
  },
  handle: (exchange: Exchange) => Effect.Effect<HttpServerResponse.HttpServerResponse, ApiError, R>
) =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const query = Params.query(request)
    const callback = Params.callback({ query, body: new Map() })
    return yield* Effect.gen(function* () {
      const client = query.get("client")
      if (typeof client === "string") yield* addHeaders({ "carto-client": client })
      const user = yield* knownUser(request)
      const params = { query, body: options.body === "data" ? new Map() : yield* Params.body(request) }
      yield* count(options.group, user)
      const key = yield* (yield* Auth).authenticate(request.headers.authorization, params)
      if (options.key === "master" && key.type !== "master") {
        return yield* new ApiError({ status: 403, message: "permission denied" })
      }
      yield* addHeaders({ vary: "Authorization" })
      return yield* handle({ request, params, key })
    }).pipe(Effect.catchTag("ApiError", (error) => Effect.succeed(toResponse(error, callback))))
  })
