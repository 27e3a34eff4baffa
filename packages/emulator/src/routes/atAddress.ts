/** Whose things a request means: the account's, or at a member's address that member's. */
import * as Effect from "effect/Effect"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import type * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Option from "effect/Option"
import * as Address from "../Address.ts"
import { fromDatabase, toResponse } from "../Refusal.ts"
import { Members } from "../users/Members.ts"

/** Gives a handler the services of the member who is addressed; for everybody else those of the account. */
export const atAddress = <E, R>(
  handler: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>,
  userOf: (request: HttpServerRequest.HttpServerRequest) => Effect.Effect<string, unknown> = Address.user
): Effect.Effect<HttpServerResponse.HttpServerResponse, E, R | Members | HttpServerRequest.HttpServerRequest> =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const user = yield* Effect.option(userOf(request))
    if (Option.isNone(user)) return yield* handler
    const services = yield* Effect.result((yield* Members).services(user.value))
    if (services._tag === "Failure") return toResponse(fromDatabase(services.failure))
    return yield* services.success === undefined ? handler : Effect.provideContext(handler, services.success)
  })
