/** Finds the endpoint of maps that a path means. Its table decides by order, as the real servers' does. */
import { randomUUID } from "node:crypto"
import * as Effect from "effect/Effect"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import type { Auth } from "../Auth.ts"
import type { Database } from "../Database.ts"
import type { RateLimit, RateLimitGroup } from "../RateLimit.ts"
import { addHeaders, servedBy } from "../routes/endpoint.ts"
import { tellToken } from "./access.ts"
import { errorTile } from "./errorTile.ts"
import { type Arrival, callback, type MapsExchange, readArrival, readExchange } from "./exchange.ts"
import { readToken } from "./LayergroupId.ts"
import type { MapStore } from "./MapStore.ts"
import { type MapsError, toResponse } from "./MapsError.ts"
import type { MapsSettings } from "./MapsSettings.ts"
import type { Templates } from "./Templates.ts"

/** What endpoints of maps need. */
export type MapsServices =
  | Auth
  | Database
  | MapStore
  | MapsSettings
  | RateLimit
  | Templates
  | HttpServerRequest.HttpServerRequest

/** An endpoint: the paths and the method that mean it, and what it does. */
export interface MapsRoute {
  readonly method: "GET" | "POST" | "PUT" | "DELETE"
  readonly path: RegExp
  readonly group: RateLimitGroup
  /** What is looked at before the key. */
  readonly check: (path: Readonly<Record<string, string>>) => Effect.Effect<unknown, MapsError>
  readonly handle: (
    exchange: MapsExchange
  ) => Effect.Effect<HttpServerResponse.HttpServerResponse, MapsError, MapsServices>
}

/** `/:token/:z/:x/:y.:format` as the path behind `/map`; each part reaches no farther than it must. */
export const route = (
  method: MapsRoute["method"],
  path: string,
  group: RateLimitGroup,
  handle: MapsRoute["handle"],
  check: MapsRoute["check"] = () => Effect.void
): MapsRoute => ({
  method,
  path: new RegExp(`^${path.replaceAll(".", "\\.").replaceAll(/:(\w+)/g, "(?<$1>[^/]+?)")}/?$`, "i"),
  group,
  check,
  handle
})

const allowedHeaders =
  "X-Requested-With, X-Prototype-Version, X-CSRF-Token, Authorization, Carto-Event, Carto-Event-Source, Carto-Event-Group-Id"

const decode = (groups: Readonly<Record<string, string>> | undefined): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(groups ?? {}).map(([name, text]) => [name, safelyDecoded(text)]))

const safelyDecoded = (text: string): string => (/%(?![0-9a-f]{2})/i.test(text) ? text : decodeURIComponent(text))

const order = ["POST", "PUT", "GET", "HEAD", "DELETE"]

const options = (matching: ReadonlyArray<MapsRoute>) => {
  const methods = new Set<string>(matching.map(({ method }) => method))
  if (methods.has("GET")) methods.add("HEAD")
  const allow = order.filter((method) => methods.has(method)).join(",")
  return HttpServerResponse.text(allow, {
    contentType: "text/html; charset=utf-8",
    headers: {
      allow,
      "access-control-allow-origin": "*",
      "access-control-allow-headers": `${allowedHeaders}, Content-Type`,
      ...servedBy
    }
  })
}

// A client must not take it for granted that every 404 can be parsed.
const nothing = HttpServerResponse.empty({
  status: 404,
  headers: { "content-type": "application/json; charset=utf-8", "content-length": "0" }
})

/** A limit that was met while a vector tile was asked for is drawn as one. */
const refused = (request: HttpServerRequest.HttpServerRequest, error: MapsError) => {
  const jsonp = callback(request)
  const isTile = /\.mvt(?:\?|$)/.test(request.url)
  return error.status === 429 && isTile && jsonp === undefined
    ? HttpServerResponse.uint8Array(errorTile, { status: 429, contentType: "application/x-protobuf" })
    : toResponse(error, jsonp)
}

const arrived = Effect.fnUntraced(function* (
  path: string,
  matching: ReadonlyArray<MapsRoute>,
  request: HttpServerRequest.HttpServerRequest,
  arrival: Arrival
) {
  yield* addHeaders({ "access-control-allow-origin": "*", ...servedBy })
  yield* addHeaders({ "access-control-allow-headers": allowedHeaders })
  const method = request.method === "HEAD" ? "GET" : request.method
  const found = matching.find((route) => route.method === method)
  if (found === undefined) return nothing
  const parts = decode(found.path.exec(path)?.groups)
  if (parts.token !== undefined) yield* tellToken(readToken(parts.token))
  yield* found.check(parts)
  return yield* found.handle(yield* readExchange(request, arrival, parts, found.group))
})

/** Answers by the first route of the table that has the path and the method. */
export const dispatch = (table: ReadonlyArray<MapsRoute>) =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const path = (request.url.split("?", 1)[0] ?? "").replace(/^.*?\/api\/[^/]+\/map/i, "")
    const matching = table.filter((route) => route.path.test(path))
    if (request.method === "OPTIONS" && matching.length > 0) return options(matching)
    yield* addHeaders({ "x-request-id": request.headers["x-request-id"] ?? randomUUID() })
    return yield* readArrival(request).pipe(
      Effect.flatMap((arrival) => arrived(path, matching, request, arrival)),
      Effect.catchTag("MapsError", (error) => Effect.succeed(refused(request, error)))
    )
  })
