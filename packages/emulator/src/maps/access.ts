/** Who may use an instantiated map, and with whose rights its data is then read. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Predicate from "effect/Predicate"
import { Auth } from "../Auth.ts"
import { Database } from "../Database.ts"
import { addHeaders } from "../routes/endpoint.ts"
import { cacheHeaders } from "./cacheHeaders.ts"
import { callback, type MapsExchange } from "./exchange.ts"
import { readToken, type Token } from "./LayergroupId.ts"
import { MapStore } from "./MapStore.ts"
import { jsonText, MapsError } from "./MapsError.ts"
import type { StoredMap, TemplateAuth } from "./StoredMap.ts"

/** A map that a request may use. */
export interface Access {
  readonly exchange: MapsExchange
  readonly map: StoredMap
  /** Whose rights read its data. */
  readonly role: string
  readonly buster: string
  /** The template that was filled for this very request. */
  readonly template?: string | undefined
}

/** The tokens that a request shows. */
export const authTokens = ({ query }: MapsExchange): ReadonlyArray<string> =>
  ["auth_token", "auth_token[]"]
    .flatMap((name): ReadonlyArray<unknown> => [query.get(name)].flat())
    .filter(Predicate.isString)

/** Whether the tokens of a request open what was made of a template. */
export const isOpen = (auth: TemplateAuth, exchange: MapsExchange): boolean =>
  auth.method === "open" || authTokens(exchange).some((token) => auth.tokens.includes(token))

const denied = new MapsError({ status: 403, message: "Sorry, you are unauthorized (permission denied)" })

/** A map under its signed address: with a key as that key, else as the owner, if the template's auth allows it. */
const signedRole = Effect.fnUntraced(function* (exchange: MapsExchange, { signer }: Token, map: StoredMap) {
  const { master } = yield* Auth
  if (signer === undefined || exchange.key.type !== "default") return exchange.key.role
  return map.auth !== undefined && isOpen(map.auth, exchange) ? master.role : yield* denied
})

/** The headers that tell a map of which only the address is known yet. */
export const tellToken = ({ buster, map, templateHash }: Token) =>
  addHeaders({
    "carto-map-id": map,
    "carto-cache-buster": buster ?? "0",
    ...(templateHash === undefined ? {} : { "carto-template-hash": templateHash })
  })

/** Loads the map of an address, and renews its life. */
export const openMap = Effect.fnUntraced(function* (exchange: MapsExchange) {
  const { user } = exchange
  const token = readToken(exchange.path.token ?? "")
  if (token.signer !== undefined && token.signer !== user) {
    const message = `Cannot use map signature of user "${token.signer}" on db of user "${user}"`
    return yield* new MapsError({ status: 403, message, type: "auth" })
  }
  const map = yield* (yield* MapStore).get(token.map)
  const role = yield* signedRole(exchange, token, map)
  const buster = token.buster ?? String(map.buster)
  const { statTag } = map.definition
  yield* addHeaders({ "carto-cache-buster": buster, ...(statTag === undefined ? {} : { "carto-stat-tag": statTag }) })
  return { exchange, map, role, buster } satisfies Access
})

/**
 * Adds what caches are told; 304 for who has this state of the data already, for whom the answer is then not made.
 *
 * HEAD is answered without all that.
 */
export const cached = <E, R>(access: Access, make: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>) =>
  Effect.gen(function* () {
    const { buster, exchange, map, template } = access
    const { request, user } = exchange
    yield* addHeaders({ "carto-cache-buster": buster })
    if (request.method !== "GET") return yield* make
    const headers = cacheHeaders({
      map,
      buster,
      database: (yield* Database).name,
      now: yield* Clock.currentTimeMillis,
      template: template === undefined ? undefined : { user, name: template }
    })
    const since = Date.parse(request.headers["if-modified-since"] ?? "")
    return since >= Date.parse(headers["last-modified"] ?? "")
      ? HttpServerResponse.empty({ status: 304, headers })
      : HttpServerResponse.setHeaders(yield* make, headers)
  })

/** A JSON answer about a map, as JSONP where asked for, with its cache headers. */
export const cachedJson = (access: Access, value: unknown) =>
  cached(
    access,
    Effect.sync(() => jsonText(JSON.stringify(value), callback(access.exchange.request)))
  )
