/** One attempt: address and key onto the request, redirects within the origin, every bad status to a reason. */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Option from "effect/Option"
import type * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { Auth } from "../Auth.ts"
import { CartoError, type CartoErrorReason, ProtocolError } from "../CartoError.ts"
import { readErrorBody } from "./errorBody.ts"
import { followed } from "./redirect.ts"
import * as Secrets from "./secrets.ts"
import { toReason } from "./toReason.ts"
import { fromHttpClientError } from "./transport.ts"

export interface Sender {
  readonly send: (
    operation: string,
    request: HttpClientRequest.HttpClientRequest,
    credential: "header" | "parameter"
  ) => Effect.Effect<HttpClientResponse.HttpClientResponse, CartoError>
  readonly readBytes: (
    operation: string,
    response: HttpClientResponse.HttpClientResponse
  ) => Stream.Stream<Uint8Array, CartoError>
  readonly readText: (
    operation: string,
    response: HttpClientResponse.HttpClientResponse
  ) => Effect.Effect<string, CartoError>
  /** Takes every key that was used out of a text of the server. */
  readonly clean: (text: string) => string
}

const maxRedirects = 5

export const make = (http: HttpClient.HttpClient, auth: Auth["Service"], userAgent: string): Sender => {
  const { account } = auth
  const host = new URL(account.baseUrl).host
  let lastKey: Redacted.Redacted | undefined
  let clean: (text: string) => string = (text) => text

  const remember = (key: Redacted.Redacted) => {
    if (key === lastKey) return
    lastKey = key
    const before = clean
    const remove = Secrets.remover(account.user, key)
    clean = (text) => remove(before(text))
  }

  const fail = (operation: string, reason: CartoErrorReason) => Effect.fail(new CartoError({ operation, reason }))

  const addressed = (request: HttpClientRequest.HttpClientRequest) =>
    HttpClientRequest.setHeader(HttpClientRequest.prependUrl(request, account.baseUrl), "user-agent", userAgent)

  const authorized = (request: HttpClientRequest.HttpClientRequest, credential: "header" | "parameter") =>
    Effect.map(auth.apiKey, (found) => {
      if (Option.isNone(found)) return request
      remember(found.value)
      return credential === "parameter"
        ? HttpClientRequest.setUrlParam(request, "api_key", found.value)
        : HttpClientRequest.basicAuth(request, account.user, found.value)
    })

  const execute = (
    operation: string,
    request: HttpClientRequest.HttpClientRequest,
    redirects: number
  ): Effect.Effect<HttpClientResponse.HttpClientResponse, CartoError> =>
    Effect.matchEffect(http.execute(request), {
      onFailure: (error) => fail(operation, fromHttpClientError(error, host, clean)),
      onSuccess: (response) => {
        if (response.status >= 200 && response.status < 300) return Effect.succeed(response)
        return Effect.flatMap(refusal(response), (body) => {
          if (response.status >= 300 && response.status < 400 && redirects < maxRedirects) {
            const next = followed(request, response)
            return Result.isSuccess(next)
              ? execute(operation, next.success, redirects + 1)
              : fail(operation, next.failure)
          }
          return Effect.flatMap(Clock.currentTimeMillis, (now) =>
            fail(operation, toReason({ status: response.status, headers: response.headers, body: clean(body) }, now))
          )
        })
      }
    })

  return {
    send: (operation, request, credential) =>
      Effect.flatMap(authorized(addressed(request), credential), (request) => execute(operation, request, 0)),
    readBytes: (operation, response) => {
      const bytes = Stream.mapError(
        response.stream,
        (error) => new CartoError({ operation, reason: fromHttpClientError(error, host, clean) })
      )
      // No data of CARTO is a page; a proxy or a login form is.
      return response.headers["content-type"]?.startsWith("text/html") === true
        ? Stream.unwrap(
            Effect.flatMap(refusal(response), (body) => fail(operation, notData(response.status, clean(body))))
          )
        : bytes
    },
    readText: (operation, response) =>
      Effect.mapError(
        response.text,
        (error) => new CartoError({ operation, reason: fromHttpClientError(error, host, clean) })
      ),
    clean: (text) => clean(text)
  }
}

const notData = (status: number, body: string) =>
  new ProtocolError({
    status,
    message: `a page came in place of data: ${readErrorBody(body).message}`,
    body: body.slice(0, 500)
  })

/**
 * The beginning of a bad answer's body. It is read before anything else happens, because an unread body keeps its
 * connection; what cannot be read of it is not worth another failure.
 */
const refusal = (response: HttpClientResponse.HttpClientResponse) =>
  Stream.limitBytes(response.stream, 1 << 16, () => Stream.empty).pipe(
    Stream.decodeText,
    Stream.runFold(
      () => "",
      (text, part) => text + part
    ),
    Effect.orElseSucceed(() => "")
  )
