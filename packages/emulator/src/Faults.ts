/** Faults that tests put between a client and the emulator: what networks, proxies and overloaded servers do. */

import * as NodeHttpServerRequest from "@effect/platform-node/NodeHttpServerRequest"
import * as Context from "effect/Context"
import * as Data from "effect/Data"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpServerRequest from "effect/http/HttpServerRequest"
import * as HttpServerResponse from "effect/http/HttpServerResponse"
import * as Layer from "effect/Layer"
import * as Ref from "effect/Ref"
import * as Stream from "effect/Stream"

/** What happens to a request. */
export type Fault = Data.TaggedEnum<{
  /** The true answer, later. */
  Latency: { readonly delay: Duration.Input }
  /** This answer instead, at once: the body of an upload is not read, and nothing reaches the database. */
  Respond: {
    readonly status: number
    readonly headers?: Readonly<Record<string, string>> | undefined
    readonly body?: string | undefined
  }
  /** The true answer under another `Content-Type`. */
  ContentType: { readonly contentType: string }
  /** The true answer, broken off by a closed connection behind this many bytes of its body. */
  Cut: { readonly afterBytes: number }
  /** The connection is reset before anything is answered. */
  Reset: {}
  /** No answer ever; the request ends when the client gives up. */
  Hang: {}
}>

/** Constructors: `Fault.Hang()`, `Fault.Cut({ afterBytes: 100 })`, … */
export const Fault = Data.taggedEnum<Fault>()

/** 429 as the rate limiter sends it; without `retryAfter` as a proxy does, with no headers. */
export const tooManyRequests = (options: { readonly retryAfter?: number | undefined } = {}): Fault =>
  Fault.Respond({
    status: 429,
    headers:
      options.retryAfter === undefined
        ? { "content-type": "application/json; charset=utf-8" }
        : {
            "content-type": "application/json; charset=utf-8",
            "retry-after": String(options.retryAfter),
            "carto-rate-limit-limit": "1",
            "carto-rate-limit-remaining": "0",
            "carto-rate-limit-reset": String(options.retryAfter)
          },
    body: `{"error":["You are over platform's limits. Please contact us to know more details"],"context":"limit","detail":"rate-limit"}`
  })

/** A page of a proxy in place of an answer: status 502 unless told; with 200 a client must see it by its type. */
export const htmlPage = (status = 502): Fault =>
  Fault.Respond({
    status,
    headers: { "content-type": "text/html" },
    body: `<html><head><title>${status}</title></head><body><h1>${status}</h1></body></html>`
  })

/** A failure of the server itself, told in JSON. */
export const serverError = (status = 500, message = "something broke"): Fault =>
  Fault.Respond({
    status,
    headers: { "content-type": "application/json; charset=utf-8" },
    body: JSON.stringify({ error: [message] })
  })

/** Which requests a fault meets, and how many of them. */
export interface FaultMatch {
  readonly method?: string | undefined
  /** Anywhere in the path, without query string; a text is compared in lower case. */
  readonly path?: string | RegExp | undefined
  /** The next so many matching requests; 1 unless told. */
  readonly times?: number | undefined
}

interface Armed {
  readonly fault: Fault
  readonly match: FaultMatch
  readonly left: number
}

/** Injected faults, met in the order of injection: each request takes the first one that matches. */
export class Faults extends Context.Service<
  Faults,
  {
    readonly inject: (fault: Fault, match?: FaultMatch) => Effect.Effect<void>
    /** Takes back what was not met. */
    readonly clear: Effect.Effect<void>
    /** The fault that this request meets, which is then used up. */
    readonly take: (request: HttpServerRequest.HttpServerRequest) => Effect.Effect<Fault | undefined>
  }
>()("carto-emulator/Faults") {
  static readonly layer = Layer.effect(
    Faults,
    Effect.gen(function* () {
      const armed = yield* Ref.make<ReadonlyArray<Armed>>([])
      return Faults.of({
        inject: (fault, match = {}) => Ref.update(armed, (all) => [...all, { fault, match, left: match.times ?? 1 }]),
        clear: Ref.set(armed, []),
        take: (request) =>
          Ref.modify(armed, (all) => {
            const met = all.find(({ match }) => matches(match, request))
            if (met === undefined) return [undefined, all]
            const rest = all.flatMap((one) =>
              one !== met ? [one] : one.left > 1 ? [{ ...one, left: one.left - 1 }] : []
            )
            return [met.fault, rest]
          })
      })
    })
  )
}

const matches = ({ method, path }: FaultMatch, request: HttpServerRequest.HttpServerRequest): boolean => {
  const asked = request.url.split("?", 1)[0] ?? ""
  if (method !== undefined && method.toUpperCase() !== request.method) return false
  if (path === undefined) return true
  return typeof path === "string" ? asked.toLowerCase().includes(path.toLowerCase()) : path.test(asked)
}

const socketOf = Effect.map(
  HttpServerRequest.HttpServerRequest,
  (request) => NodeHttpServerRequest.toIncomingMessage(request).socket
)

const bodyOf = (response: HttpServerResponse.HttpServerResponse): Stream.Stream<Uint8Array, unknown> => {
  const { body } = response
  if (body._tag === "Stream") return body.stream
  return body._tag === "Uint8Array" ? Stream.make(body.body) : Stream.empty
}

const firstBytes = (bytes: Stream.Stream<Uint8Array, unknown>, count: number): Stream.Stream<Uint8Array, unknown> =>
  Stream.suspend(() => {
    let left = count
    return bytes.pipe(
      Stream.map((piece) => {
        const kept = piece.subarray(0, left)
        left -= kept.length
        return kept
      }),
      Stream.takeUntil(() => left <= 0)
    )
  })

// The bytes must be on their way before the connection is cut, or the kernel drops them.
const cut = (response: HttpServerResponse.HttpServerResponse, afterBytes: number) =>
  Effect.map(socketOf, (socket) => {
    const ended = Stream.fromEffectDrain(
      Effect.andThen(
        Effect.sync(() => socket.destroySoon()),
        Effect.never
      )
    )
    return HttpServerResponse.stream(Stream.concat(firstBytes(bodyOf(response), afterBytes), ended), {
      status: response.status,
      headers: response.headers
    })
  })

// Requests are uninterruptible until they are routed, but must end with their connection.
const forever = Effect.interruptible(Effect.never)

const reset = Effect.andThen(
  Effect.tap(socketOf, (socket) => Effect.sync(() => socket.resetAndDestroy())),
  forever
)

/** Lets a request meet its fault, if there is one. */
export const withFaults = <E, R>(effect: Effect.Effect<HttpServerResponse.HttpServerResponse, E, R>) =>
  Effect.gen(function* () {
    const request = yield* HttpServerRequest.HttpServerRequest
    const fault = yield* (yield* Faults).take(request)
    if (fault === undefined) return yield* effect
    switch (fault._tag) {
      case "Latency":
        yield* Effect.interruptible(Effect.sleep(fault.delay))
        return yield* effect
      case "Respond":
        return HttpServerResponse.text(fault.body ?? "", { status: fault.status, headers: fault.headers ?? {} })
      case "ContentType":
        return HttpServerResponse.setHeader(yield* effect, "content-type", fault.contentType)
      case "Cut":
        return yield* cut(yield* effect, fault.afterBytes)
      case "Reset":
        return yield* reset
      case "Hang":
        return yield* forever
    }
  })
