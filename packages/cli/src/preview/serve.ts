/** Serves the page on this machine only, below a path that nobody can guess. */
import { randomBytes } from "node:crypto"
import { createServer } from "node:http"
import * as NodeHttpServer from "@effect/platform-node/NodeHttpServer"
import type { Maps } from "@effect-carto/core/Maps"
import * as Effect from "effect/Effect"
import * as HttpServer from "effect/http/HttpServer"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as NetAddress from "effect/net/NetAddress"
import type * as Scope from "effect/Scope"
import { type CommandError, failure } from "../CommandError.ts"
import { type Answer, answer, missing, refused } from "./answers.ts"
import { headers, isForeign } from "./guard.ts"
import type { LiveMap } from "./LiveMap.ts"

/** The page's address. Whoever has it sees the map; it lasts as long as the scope. */
export const serve = Effect.fnUntraced(function* (
  live: LiveMap,
  port: number
): Effect.fn.Return<string, CommandError, Maps | Scope.Scope> {
  const token = randomBytes(24).toString("base64url")
  const node = createServer()
  yield* Effect.addFinalizer(() => Effect.sync(() => node.closeAllConnections()))
  const server = yield* NodeHttpServer.make(() => node, {
    host: "127.0.0.1",
    port,
    disablePreemptiveShutdown: true
  }).pipe(
    Effect.mapError(({ cause }) =>
      failure(
        `The preview cannot listen on port ${port}: ${cause instanceof Error ? cause.message : String(cause)}`,
        "Give another --port, or none."
      )
    )
  )
  const origin = NetAddress.formatUrlUnsafe(server.address)
  const own = Number(new URL(origin).port)
  yield* Effect.provideService(HttpServer.serveEffect(answerOn(live, token, own)), HttpServer.HttpServer, server)
  return `${origin}/${token}/`
})

const answerOn = Effect.fnUntraced(function* (live: LiveMap, token: string, port: number) {
  const request = yield* HttpServerRequest.HttpServerRequest
  const url = new URL(request.url, "http://preview")
  const answered = isForeign(request.headers, port)
    ? Effect.succeed(HttpServerResponse.text("This page is for this machine only.", { status: 421 }))
    : request.method !== "GET" && request.method !== "HEAD"
      ? Effect.succeed(HttpServerResponse.text("This page only reads.", { status: 405 }))
      : below(token, url.pathname, (path) =>
          Effect.catch(answer(live, path, url.searchParams), (error) => Effect.succeed(refused(error)))
        )
  return HttpServerResponse.setHeaders(yield* answered, headers)
})

const below = <R>(
  token: string,
  pathname: string,
  answer: (path: string) => Effect.Effect<Answer, never, R>
): Effect.Effect<Answer, never, R> =>
  pathname.startsWith(`/${token}/`) ? answer(pathname.slice(token.length + 2)) : Effect.succeed(missing)
