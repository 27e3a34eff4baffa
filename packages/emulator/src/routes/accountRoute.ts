/** The addresses under which an endpoint of an account is reached. */
import * as Effect from "effect/Effect"
import type * as HttpMethod from "effect/http/HttpMethod"
import * as HttpRouter from "effect/http/HttpRouter"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import type * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Option from "effect/Option"
import * as Address from "../Address.ts"
import { fromDatabase, toResponse } from "../Refusal.ts"
import { Members } from "../users/Members.ts"
import { notImplemented } from "./notImplemented.ts"

/** The first words of the endpoints that members of an organization have for themselves, too. */
const ofMembers = new Set([
  "api_keys",
  "datasets",
  "imports",
  "me",
  "org",
  "organization",
  "perm",
  "sql",
  "synchronizations",
  "tables",
  "users",
  "viz"
])

/** At a member's address the handler works with what is the member's; at every other with the account's. */
const atAddress = <E, R>(
  endpoint: string,
  handler: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>
): Effect.Effect<HttpServerResponse.HttpServerResponse, E, R | Members | HttpServerRequest.HttpServerRequest> =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const user = yield* Effect.option(Address.user(request))
    if (Option.isNone(user)) return yield* handler
    const services = yield* Effect.result((yield* Members).services(user.value))
    if (services._tag === "Failure") return toResponse(fromDatabase(services.failure))
    if (services.success === undefined) return yield* handler
    const [word = ""] = endpoint.split("/")
    return ofMembers.has(word)
      ? yield* Effect.provideContext(handler, services.success)
      : notImplemented(`${word} of another member`)
  })

/** `/api/v2/sql`, with any version, for the account in the host and for both path forms. */
export const accountRoute = <E, R>(
  method: "*" | HttpMethod.HttpMethod,
  endpoint: string,
  handler: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>
) => {
  const route = atAddress(endpoint, handler)
  return HttpRouter.addAll([
    HttpRouter.route(method, `/api/:version/${endpoint}`, route),
    HttpRouter.route(method, `/user/:user/api/:version/${endpoint}`, route),
    HttpRouter.route(method, `/u/:user/api/:version/${endpoint}`, route)
  ])
}
