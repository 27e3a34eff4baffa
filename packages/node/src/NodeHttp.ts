/** The HTTP client on `node:http`, made for long transfers: it reads what the server says while it sends. */
import type { CartoError } from "@effect-carto/core/CartoError"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Agents from "./internal/agents.ts"
import * as Exchange from "./internal/exchange.ts"
import type * as NodeProxy from "./NodeProxy.ts"
import type * as NodeTls from "./NodeTls.ts"

export interface HttpOptions extends NodeTls.TlsOptions, NodeProxy.ProxyOptions {
  /**
   * Stands around every attempt, retries included: to log, count or refuse requests. Requests hold the key. The bytes of
   * files are written over as soon as they were sent: who keeps what passes in a body must copy it.
   */
  readonly transformClient?: ((client: HttpClient.HttpClient) => HttpClient.HttpClient) | undefined
}

/**
 * `HttpClient` with connections of its own, which are closed with the layer. Unusable certificates or proxies are a
 * `CartoError`.
 */
export const layer = (options: HttpOptions = {}): Layer.Layer<HttpClient.HttpClient, CartoError> => {
  const client = Layer.effect(HttpClient.HttpClient, Effect.map(Agents.make(options), Exchange.client))
  const { transformClient } = options
  return transformClient === undefined
    ? client
    : Layer.provide(Layer.effect(HttpClient.HttpClient, Effect.map(HttpClient.HttpClient, transformClient)), client)
}
