/** What every endpoint of maps does before its own work: find the user, count the request, read body and key. */
import * as Effect from "effect/Effect"
import * as Base64 from "effect/encoding/Base64"
import type * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Address from "../Address.ts"
import { type ApiKey, Auth } from "../Auth.ts"
import * as Params from "../Params.ts"
import { RateLimit, type RateLimitGroup } from "../RateLimit.ts"
import { addHeaders, servedByDatabase } from "../routes/endpoint.ts"
import { member, parseJson } from "./json.ts"
import { badRequest, MapsError, tooManyRequests } from "./MapsError.ts"

/** A request whose account and key are known. */
export interface MapsExchange {
  readonly request: HttpServerRequest.HttpServerRequest
  /** The named parts of the path. */
  readonly path: Readonly<Record<string, string>>
  readonly query: Params.Values
  /** JSON; `undefined` where the body is of another type. */
  readonly body: unknown
  readonly user: string
  readonly key: ApiKey
  /** The key as it was sent; `undefined` where none was. */
  readonly sentKey: string | undefined
}

/** A parameter of the query as text; the first of a repeated name. */
export const parameter = ({ query }: Pick<MapsExchange, "query">, name: string): string | undefined => {
  const value = query.get(name)
  const first: unknown = Array.isArray(value) ? value[0] : value
  return Predicate.isString(first) ? first : undefined
}

/** The name for JSONP, cut down to what can be a JavaScript name; only GET has one. */
export const callback = (request: HttpServerRequest.HttpServerRequest): string | undefined => {
  const name = parameter({ query: Params.query(request) }, "callback")?.replace(/[^[\]\w$.]/g, "")
  return request.method === "GET" && name !== "" ? name : undefined
}

/** The account that a request addresses: as everywhere, and in the first part of the path, as behind a CDN. */
export const userOf = (request: HttpServerRequest.HttpServerRequest): Effect.Effect<string, MapsError> => {
  const behindCdn = /^\/([^/?]+)\/api\//.exec(request.url)?.[1]
  return behindCdn === undefined
    ? Effect.mapError(Address.user(request), ({ message }) => badRequest(message))
    : Effect.succeed(behindCdn)
}

const maxBody = 102_400

const parseFailure = (message: string) => badRequest(message, { type: "entity.parse.failed" })

/** JSON of a body; an empty one is an empty object, a scalar is refused. */
const readBody = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
  if (request.method !== "POST" && request.method !== "PUT") return undefined
  if (!/^application\/json(?:;|$)/i.test(request.headers["content-type"] ?? "")) return undefined
  const text = yield* Effect.mapError(request.text, ({ message }) => badRequest(message))
  if (Buffer.byteLength(text) > maxBody) {
    return yield* badRequest("request entity too large", { type: "entity.too.large" })
  }
  const first = text.trimStart()[0]
  if (first === undefined) return {}
  if (first !== "{" && first !== "[") {
    return yield* parseFailure(`SyntaxError: Unexpected token '${first}', "#" is not valid JSON`)
  }
  return yield* Effect.mapError(Effect.fromResult(parseJson(text)), parseFailure)
})

/** The password of a Basic header; whose it claims to be is not looked at. */
const basicPassword = (authorization: string | undefined): string | undefined => {
  const encoded = /^ *basic +([\w.~+/-]+=*) *$/i.exec(authorization ?? "")?.[1]
  const text = encoded === undefined ? "" : Result.getOrElse(Base64.decodeString(encoded), () => "")
  return /^[^:]*:(.+)$/s.exec(text)?.[1]
}

const keyOf = (values: unknown): string | undefined =>
  [member(values, "api_key"), member(values, "map_key")]
    .flatMap((key): ReadonlyArray<unknown> => (Array.isArray(key) ? key : [key]))
    .filter(Predicate.isString)
    .find((key) => key !== "")

const unauthorized = new MapsError({ status: 401, message: "Unauthorized", type: "auth", subtype: "api-key-not-found" })

/** A key that is known but not for this. */
export const forbidden = new MapsError({
  status: 403,
  message: "Forbidden",
  type: "auth",
  subtype: "api-key-does-not-grant-access"
})

const unknownUser = new MapsError({
  status: 404,
  message: "DB host or name not found in redis (try CARTODB/script/restore_redis)"
})

const count = Effect.fnUntraced(function* (group: RateLimitGroup, user: string) {
  const verdict = yield* (yield* RateLimit).take(group, user)
  if (verdict === undefined) return
  yield* addHeaders(verdict.headers)
  if (!verdict.allowed) return yield* tooManyRequests
})

/** The checks before a key is looked at: whose account it is, and what the body is. */
export const readArrival = Effect.fnUntraced(function* (request: HttpServerRequest.HttpServerRequest) {
  const user = yield* userOf(request)
  yield* addHeaders({ "carto-user": user })
  return { user, body: yield* readBody(request) }
})

/** A request before its key is known. */
export type Arrival = Effect.Success<ReturnType<typeof readArrival>>

/** Counts a request and reads its key. `group` is the budget that it uses up. */
export const readExchange = Effect.fnUntraced(function* (
  request: HttpServerRequest.HttpServerRequest,
  { body, user }: Arrival,
  path: Readonly<Record<string, string>>,
  group: RateLimitGroup
): Effect.fn.Return<MapsExchange, MapsError, Auth | RateLimit | HttpServerRequest.HttpServerRequest> {
  const auth = yield* Auth
  const query = Params.query(request)
  const client = parameter({ query }, "client")
  if (client !== undefined) yield* addHeaders({ "carto-client": client })
  yield* addHeaders({ vary: "Authorization" })
  const sentKey = basicPassword(request.headers.authorization) ?? keyOf(Object.fromEntries(query)) ?? keyOf(body)
  if (user !== auth.user) return yield* sentKey === undefined ? unknownUser : unauthorized
  yield* addHeaders({ "carto-user-id": "1", ...servedByDatabase })
  yield* count(group, user)
  const token = sentKey ?? "default_public"
  const key = auth.keys.find((key) => Redacted.value(key.token) === token)
  if (key === undefined) return yield* unauthorized
  if (!key.apis.has("maps")) return yield* forbidden
  return { request, path, query, body, user, key, sentKey }
})

/** The account's own address, in the form that the request has. */
export const accountAddress = (request: HttpServerRequest.HttpServerRequest): string => {
  const prefix = /^(\/[^?]*?)\/api\//.exec(request.url)?.[1] ?? ""
  return `http://${request.headers.host ?? "127.0.0.1"}${prefix}`
}
