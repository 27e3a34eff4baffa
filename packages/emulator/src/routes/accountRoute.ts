/** The addresses under which an endpoint of an account is reached. */
import type * as Effect from "effect/Effect"
import type * as HttpMethod from "effect/http/HttpMethod"
import * as HttpRouter from "effect/http/HttpRouter"
import type * as HttpServerResponse from "effect/http/HttpServerResponse"
import { atAddress } from "./atAddress.ts"

/** `/api/v2/sql`, with any version, for the account in the host and for both path forms. */
export const accountRoute = <E, R>(
  method: "*" | HttpMethod.HttpMethod,
  endpoint: string,
  handler: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>
) => {
  const route = atAddress(handler)
  return HttpRouter.addAll([
    HttpRouter.route(method, `/api/:version/${endpoint}`, route),
    HttpRouter.route(method, `/user/:user/api/:version/${endpoint}`, route),
    HttpRouter.route(method, `/u/:user/api/:version/${endpoint}`, route)
  ])
}
