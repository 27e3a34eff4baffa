/** The HTTP client on undici, made for long uploads: it reads what the server says while it sends. */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import type { CartoError } from "@effect-carto/core/CartoError"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as HttpBody from "effect/http/HttpBody"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import type * as Undici from "undici"
import * as Body from "./internal/body.ts"
import * as Uploads from "./internal/uploads.ts"
import * as NodeProxy from "./NodeProxy.ts"
import * as NodeTls from "./NodeTls.ts"

export interface HttpOptions extends NodeTls.TlsOptions, NodeProxy.ProxyOptions {
  /**
   * Stands around every attempt, retries included: to log, count or refuse requests. Requests hold the key. The bytes of
   * files are written over as soon as they were sent: who keeps what passes in a body must copy it.
   */
  readonly transformClient?: ((client: HttpClient.HttpClient) => HttpClient.HttpClient) | undefined
}

/** `HttpClient` with connections of its own, which are closed with the layer. */
export const layer = (options?: HttpOptions): Layer.Layer<HttpClient.HttpClient, CartoError> => {
  const client = Layer.provide(layerNoDispatcher, layerDispatcher(options))
  const transform = options?.transformClient
  return transform === undefined
    ? client
    : Layer.provide(Layer.effect(HttpClient.HttpClient, Effect.map(HttpClient.HttpClient, transform)), client)
}

/** How connections are made and kept: certificates, proxy, timeouts. Unusable options are a `CartoError`. */
export const layerDispatcher = (options?: HttpOptions): Layer.Layer<NodeHttpClient.Dispatcher, CartoError> =>
  Layer.effect(NodeHttpClient.Dispatcher, dispatcher(options ?? {}))

/**
 * Upload discipline over any dispatcher: large writes, and a look at the socket before each, so that when the server
 * refuses an upload and closes, its answer is read before the next write fails with EPIPE.
 */
export const layerNoDispatcher: Layer.Layer<HttpClient.HttpClient, never, NodeHttpClient.Dispatcher> = Layer.unwrap(
  Effect.map(Uploads.make, ({ body }) =>
    HttpClient.layerMergedContext(
      Effect.map(NodeHttpClient.makeUndici, (client) =>
        client.pipe(
          HttpClient.mapRequestEffect((request) =>
            request.body._tag === "Stream" ? withBody(request, body(request.body)) : Effect.succeed(request)
          ),
          HttpClient.transformResponse(Effect.map(Body.read))
        )
      )
    )
  )
)

/** Effect sets a body's own headers with it, which the request may have said otherwise. */
const withBody = (request: HttpClientRequest.HttpClientRequest, body: Effect.Effect<HttpBody.HttpBody>) =>
  Effect.map(body, (body) =>
    request.pipe(HttpClientRequest.setBody(body), HttpClientRequest.setHeaders(request.headers))
  )

/** CARTO closes a connection after five idle seconds (SQL reference, §3); one that is about to be is not used again. */
const idle = Duration.seconds(4)

/**
 * A COPY may run for five hours before the server says anything (SQL reference, §8.3), and a query may be silent as
 * long as its timeout. A dead server is found within minutes by TCP's own keep-alive, so this is the last resort only.
 */
const silence = Duration.hours(6)

const dispatcher = Effect.fnUntraced(function* (options: HttpOptions) {
  const tls = { ...(yield* NodeTls.connectionOptions(options)), allowH2: false }
  const proxies = yield* NodeProxy.resolve(options)
  const undici = yield* Effect.promise(() => import("undici"))
  const shared = {
    // Early answers and back-pressure were measured with HTTP/1.1, which is all that CARTO's own servers speak.
    allowH2: false,
    keepAliveTimeout: Duration.toMillis(idle)
  }
  // Looking for each request's proxy costs as much as sending it; most have none.
  const isDirect = proxies.httpProxy === "" && proxies.httpsProxy === ""
  const agent = yield* Effect.acquireRelease(
    Effect.sync(
      (): Undici.Dispatcher =>
        isDirect
          ? new undici.Agent({ ...shared, connect: tls })
          : new undici.EnvHttpProxyAgent({ ...shared, ...proxies, connect: tls, requestTls: tls })
    ),
    (agent) => Effect.promise(() => agent.destroy())
  )
  return agent.compose(patient)
})

// Effect's client sets one hour on every request, so an option of the agent would not be looked at.
const patient: Undici.Dispatcher.DispatcherComposeInterceptor = (dispatch) => (request, handler) =>
  dispatch({ ...request, headersTimeout: Duration.toMillis(silence), bodyTimeout: Duration.toMillis(silence) }, handler)
