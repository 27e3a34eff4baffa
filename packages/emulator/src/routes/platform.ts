/** What every endpoint of the platform's own application does before its work: find the user, read the key. */
import * as Effect from "effect/Effect"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Address from "../Address.ts"
import { type ApiKey, Auth } from "../Auth.ts"
import type { DatabaseError } from "../Database.ts"
import * as Params from "../Params.ts"
import { fromDatabase, missing, Refusal, refuseWithCause, toResponse, unauthorized } from "../Refusal.ts"
import { Account, type AccountState } from "../users/Account.ts"

/** A request to an endpoint of the application. */
export interface Visit<K extends ApiKey | undefined = ApiKey | undefined> {
  readonly request: HttpServerRequest.HttpServerRequest
  readonly params: Params.Params
  readonly key: K
  /** Whether a key was shown as the parameter `api_key`, beside a Basic header or without one. */
  readonly isShown: boolean
}

export interface PlatformOptions {
  /** `data` leaves the body to the endpoint; the key is then looked for in header and query string. */
  readonly body?: "parameters" | "data" | undefined
  /**
   * Where the permission is looked for (platform reference, §2.3): some v4 endpoints know who came by the Basic header,
   * and then refuse with 403 because the parameter `api_key` is missing.
   */
  readonly credential?: "any" | "parameter" | undefined
  /** Answers for an account in any state, also a locked one. */
  readonly anyState?: boolean | undefined
}

const badBody = new Refusal({ status: 400, body: { status: "400", error: "Bad Request" } })

/** A key that is known, and may not (E3). */
export const forbidden = refuseWithCause(403, "You don't have permission to access that resource")

/** What a request to an account that is not active is answered; version 4 has its own words for it. */
const stateRefusal = (state: AccountState, path: string): Refusal | undefined => {
  switch (state) {
    case "active":
      return undefined
    case "locked":
    case "maintenance":
      return /^\/api\/v4\//i.test(path)
        ? new Refusal({ status: 403, body: { error: state === "locked" ? "lockout" : "maintenance_mode" } })
        : missing
    case "unverified":
      return new Refusal({ status: 403, body: { error: "unverified" } })
    case "deleted":
      return missing
    case "inactive":
      return new Refusal({ status: 403 })
  }
}

const visit = Effect.fnUntraced(function* (options: PlatformOptions) {
  const { anyState = false, body = "parameters", credential = "any" } = options
  const request = yield* HttpServerRequest.HttpServerRequest
  const auth = yield* Auth
  const user = yield* Effect.mapError(Address.user(request), () => missing)
  const state = yield* (yield* Account).state
  if (user !== auth.user || state === "deleted") return yield* missing
  const params = {
    query: Params.query(request),
    body: body === "data" ? new Map() : yield* Effect.mapError(Params.body(request), () => badBody)
  }
  const refusal = anyState ? undefined : stateRefusal(state, Address.path(request))
  if (refusal !== undefined) return yield* refusal
  const key = yield* auth.identify(request.headers.authorization, params)
  const isShown = Params.apiKey(params.query) !== undefined || Params.apiKey(params.body) !== undefined
  if (key !== undefined && credential === "parameter" && !isShown) return yield* forbidden
  return { request, params, key, isShown }
})

type Handler<K extends ApiKey | undefined, R> = (
  visit: Visit<K>
) => Effect.Effect<HttpServerResponse.HttpServerResponse, Refusal | DatabaseError, R>

const answered = <R>(effect: Effect.Effect<HttpServerResponse.HttpServerResponse, Refusal | DatabaseError, R>) =>
  effect.pipe(
    Effect.catchTag("DatabaseError", (error) => Effect.fail(fromDatabase(error))),
    Effect.catchTag("Refusal", (refusal) => Effect.succeed(toResponse(refusal)))
  )

/** Whoever comes: no key, a wrong one and a regular one are all a stranger's (platform reference, §2.4). */
export const optional = <R>(options: PlatformOptions, handle: Handler<ApiKey | undefined, R>) =>
  answered(Effect.flatMap(visit(options), handle))

/** Any key that is known, the public one included. */
export const known = <R>(options: PlatformOptions, handle: Handler<ApiKey, R>) =>
  answered(
    Effect.flatMap(visit(options), ({ key, ...rest }) =>
      key === undefined ? Effect.fail(unauthorized) : handle({ ...rest, key })
    )
  )

/** The master key alone; every other is answered as a wrong one is. */
export const master = <R>(options: PlatformOptions, handle: Handler<ApiKey, R>) =>
  known(options, (visit) => (visit.key.type === "master" ? handle(visit) : Effect.fail(unauthorized)))

/** Keys of which it is true; every other that is known is refused with 403, an unknown one with 401. */
export const permitted = <R>(options: PlatformOptions, may: (key: ApiKey) => boolean, handle: Handler<ApiKey, R>) =>
  known(options, (visit) => (may(visit.key) ? handle(visit) : Effect.fail(forbidden)))

/** An answer in the application's JSON. */
export const json = (value: unknown, status = 200): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(JSON.stringify(value), { status, contentType: "application/json; charset=utf-8" })

/** An answer without content. */
export const noContent = HttpServerResponse.empty({ status: 204 })

/** A bare text, which is no JSON although its type says so (E13). */
export const text = (value: string): HttpServerResponse.HttpServerResponse =>
  HttpServerResponse.text(value, { contentType: "application/json; charset=utf-8" })
