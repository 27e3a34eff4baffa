/** The only door to HTTP: address, credentials, statuses, redirects, retries, pacing, deadline, metrics. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as UrlParams from "effect/http/UrlParams"
import * as Layer from "effect/Layer"
import * as Metric from "effect/Metric"
import * as Option from "effect/Option"
import * as RateLimiter from "effect/persistence/RateLimiter"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Schedule from "effect/Schedule"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"
import * as Tracer from "effect/Tracer"
import type { Account } from "./Account.ts"
import { Auth } from "./Auth.ts"
import { CartoError, ProtocolError } from "./CartoError.ts"
import * as Deadline from "./Deadline.ts"
import { excerpt } from "./internal/excerpt.ts"
import { inWords } from "./internal/inWords.ts"
import { notJson } from "./internal/notJson.ts"
import * as Pacing from "./internal/pacing.ts"
import { parseRateLimit } from "./internal/rateLimitHeaders.ts"
import * as RetryBudget from "./internal/retryBudget.ts"
import { scrub } from "./internal/scrub.ts"
import * as Sender from "./internal/send.ts"
import { type RetryOptions, retryPolicy } from "./retryPolicy.ts"
import { version } from "./version.ts"

export interface CartoClientOptions extends RetryOptions {
  /** For each call with all its attempts and pauses. Without it a call may take as long as the server lets it. */
  readonly timeout?: Duration.Input | undefined
  /** Default `effect-carto/VERSION`. */
  readonly userAgent?: string | undefined
  /** The `client` parameter of the SQL API, which its logs keep and its answers repeat. Default `effect-carto`. */
  readonly client?: string | undefined
}

/** Rate limits are counted per user and group (SQL reference, §5). */
export type EndpointGroup = "query" | "job_create" | "job_get" | "job_delete" | "copy_from" | "copy_to" | MapsGroup

/** Those of the Maps API (Maps reference, §1). */
type MapsGroup =
  | "anonymous"
  | "static"
  | "static_named"
  | "dataview"
  | "dataview_search"
  | "analysis"
  | "analysis_catalog"
  | "tile"
  | "attributes"
  | "named"
  | "named_list"
  | "named_create"
  | "named_get"
  | "named_update"
  | "named_delete"
  | "named_tiles"

export interface RequestOptions {
  readonly group?: EndpointGroup | undefined
  /** Some v4 endpoints look for the key in the parameter only (platform reference, §2.3). Default `header`. */
  readonly credential?: "header" | "parameter" | undefined
  /** What the body holds beside the key and must not be shown: it is taken out of errors, and of what is logged. */
  readonly secrets?: ReadonlyArray<Redacted.Redacted> | undefined
  /** Another key than the client's own, for this request alone. */
  readonly apiKey?: Redacted.Redacted | undefined
  /**
   * `anonymous` is for a GET of an address that the server has told, in place of the path: it may lie on, or lead to,
   * another origin, such as that of a storage, which is asked without the key. Default `refuse`.
   */
  readonly crossOrigin?: "refuse" | "anonymous" | undefined
  /**
   * Whether the request may be sent again after this failure. By default always after a rate limit or when it never
   * reached the server, otherwise only if its method is idempotent.
   */
  readonly mayRepeat?: ((error: CartoError) => boolean) | undefined
}

/** A good answer whose body is still to be read. */
export interface Opened {
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly bytes: Stream.Stream<Uint8Array, CartoError>
}

/** A good answer, whole. */
export interface Received {
  readonly status: number
  readonly headers: Readonly<Record<string, string | undefined>>
  readonly bytes: Uint8Array
}

export class CartoClient extends Context.Service<
  CartoClient,
  {
    readonly account: Account
    /** Sends a request with a path such as `/api/v2/sql`. Fails for every status that is not 2xx. */
    readonly open: (
      operation: string,
      request: HttpClientRequest.HttpClientRequest,
      options?: RequestOptions
    ) => Effect.Effect<Opened, CartoError>
    /** The whole body as text. A body that breaks off is sent for again where that is safe. */
    readonly text: (
      operation: string,
      request: HttpClientRequest.HttpClientRequest,
      options?: RequestOptions
    ) => Effect.Effect<string, CartoError>
    /** The whole body as bytes; it is empty where the server has nothing to send, such as with a 204. */
    readonly bytes: (
      operation: string,
      request: HttpClientRequest.HttpClientRequest,
      options?: RequestOptions
    ) => Effect.Effect<Received, CartoError>
    /** The whole body, decoded. Another shape is a `ProtocolError`. */
    readonly json: <S extends Schema.ConstraintDecoder<unknown>>(
      operation: string,
      schema: S,
      request: HttpClientRequest.HttpClientRequest,
      options?: RequestOptions
    ) => Effect.Effect<S["Type"], CartoError>
    /** Takes the key out of a text of the server: it may repeat what it was sent. */
    readonly clean: (text: string) => string
  }
>()("carto/CartoClient") {
  /** A `RateLimiter` in the context is used, so that a Redis store can share one limit among processes. */
  static readonly layer = (
    options?: CartoClientOptions
  ): Layer.Layer<CartoClient, never, Auth | HttpClient.HttpClient> => Layer.effect(CartoClient, make(options ?? {}))
}

const requests = Metric.counter("carto_requests", { description: "Attempts, by operation and outcome" })
const durations = Metric.timer("carto_request_duration", { description: "From an attempt's start to its headers" })

/** One counter for each operation and outcome: attributes are dear to attach. */
const counters = new Map<string, typeof requests>()
const counterOf = (operation: string, outcome: string): typeof requests => {
  const name = `${operation} ${outcome}`
  const known = counters.get(name)
  if (known !== undefined) return known
  const counter = Metric.withAttributes(requests, { operation, outcome })
  counters.set(name, counter)
  return counter
}

const memoryLimiter = RateLimiter.layer.pipe(Layer.provide(RateLimiter.layerStoreMemory))

const make = Effect.fnUntraced(function* (options: CartoClientOptions) {
  const auth = yield* Auth
  const limiter = yield* Effect.flatMap(
    Effect.serviceOption(RateLimiter.RateLimiter),
    Option.match({
      onNone: () => Effect.map(Layer.build(memoryLimiter), Context.get(RateLimiter.RateLimiter)),
      onSome: Effect.succeed
    })
  )
  const sender = Sender.make(yield* HttpClient.HttpClient, auth, options.userAgent ?? `effect-carto/${version}`)
  const pacing = Pacing.make(limiter, auth.account.baseUrl)
  const budget = RetryBudget.make()
  const policy = retryPolicy(options)
  const client = options.client ?? "effect-carto"

  const call = <A>(
    operation: string,
    request: HttpClientRequest.HttpClientRequest,
    {
      apiKey,
      credential = "header",
      crossOrigin = "refuse",
      group,
      mayRepeat = byMethod(request),
      secrets = []
    }: RequestOptions = {},
    read: (response: HttpClientResponse.HttpClientResponse) => Effect.Effect<A, CartoError>
  ): Effect.Effect<A, CartoError> =>
    Effect.suspend(() => {
      const named = group === undefined ? request : HttpClientRequest.setUrlParam(request, "client", client)
      let refused = false

      const attempt = Effect.gen(function* () {
        if (group !== undefined) yield* pacing.admit(group, refused)
        const start = yield* Clock.currentTimeMillis
        const sent = yield* Effect.result(sender.send(operation, named, { apiKey, carrier: credential }, crossOrigin))
        const outcome = Result.isSuccess(sent) ? "ok" : sent.failure.reason._tag
        yield* Metric.update(counterOf(operation, outcome), 1)
        yield* Metric.update(durations, Duration.millis((yield* Clock.currentTimeMillis) - start))
        if (Result.isFailure(sent)) {
          const { reason } = sent.failure
          refused = reason._tag === "RateLimitError"
          if (group !== undefined && reason._tag === "RateLimitError") yield* pacing.refuse(group, reason)
          return yield* sent.failure
        }
        if (group !== undefined) yield* pacing.observe(group, parseRateLimit(sent.success.headers))
        return yield* read(sent.success)
      })

      const retried = Effect.retry(
        secrets.length === 0 ? attempt : Effect.mapError(attempt, scrub(secrets)),
        policy.pipe(
          Schedule.while(({ input, duration }) =>
            Effect.map(timeLeft, (left) => mayRepeat(input) && Duration.toMillis(duration) < left)
          ),
          Schedule.while(({ input }) => budget.take(input)),
          Schedule.tap(({ input, duration, attempt }) =>
            Effect.logInfo(
              `Waiting ${inWords(duration)} before attempt ${attempt + 1} of ${operation}: ${input.reason.message}`
            )
          )
        )
      ).pipe(Effect.tap(() => Effect.sync(budget.refund)))
      return options.timeout === undefined ? retried : Deadline.within(operation, options.timeout)(retried)
    }).pipe(unobserved)

  const text: CartoClient["Service"]["text"] = (operation, request, requestOptions) =>
    call(operation, request, requestOptions, (response) => sender.readText(operation, response))

  return CartoClient.of({
    account: auth.account,
    open: (operation, request, requestOptions) =>
      call(operation, request, requestOptions, (response) =>
        Effect.succeed({ headers: response.headers, bytes: sender.readBytes(operation, response) })
      ),
    text,
    bytes: (operation, request, requestOptions) =>
      call(operation, request, requestOptions, (response) =>
        Effect.map(sender.readAll(operation, response), (bytes) => ({
          status: response.status,
          headers: response.headers,
          bytes
        }))
      ),
    json: (operation, schema, request, requestOptions) => {
      const decode = Schema.decodeUnknownEffect(Schema.fromJsonString(schema))
      return Effect.flatMap(text(operation, request, requestOptions), (body) =>
        Effect.mapError(decode(body), (error) =>
          scrub(requestOptions?.secrets ?? [])(
            new CartoError({
              operation,
              reason: new ProtocolError({
                status: 200,
                message: sender.clean(notJson(body) ?? `the answer has another shape than expected: ${error.message}`),
                body: excerpt(body, sender.clean)
              })
            })
          )
        )
      )
    },
    clean: sender.clean
  })
})

/** Whatever may have been done must not be done twice, unless doing it twice is the same. */
const byMethod = (request: HttpClientRequest.HttpClientRequest) => {
  const isIdempotent = request.method !== "POST" && request.method !== "PATCH"
  return (error: CartoError): boolean => isIdempotent || error.isSurelyUndone
}

/**
 * Hides keys among parameters from spans. effect's default tracer keeps no span, so that the request needs none; the
 * call's own span stays, and what a tracer of the application gets is whole.
 */
const unobserved = <A, E, R>(self: Effect.Effect<A, E, R>): Effect.Effect<A, E, R> =>
  Effect.flatMap(Tracer.Tracer, (tracer) =>
    Effect.provideContext(self, tracer === Tracer.nativeTracer ? untraced : redacting)
  )

/** Parameters that hold a key; those that we set ourselves are redacted in any case. */
const redacting = Context.make(UrlParams.CurrentRedactedNames, [
  "api_key",
  "map_key",
  "auth_token",
  "Signature",
  "AWSAccessKeyId",
  "sig",
  "X-Amz-Signature",
  "X-Amz-Credential",
  "X-Amz-Security-Token",
  "X-Goog-Signature",
  "X-Goog-Credential"
])
const untraced = Context.add(redacting, HttpClient.TracerDisabledWhen, () => true)

const timeLeft = Effect.flatMap(Deadline.Deadline, (deadline) =>
  Effect.map(Clock.currentTimeMillis, (now) => deadline - now)
)
