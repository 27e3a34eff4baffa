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
import { pageFor } from "./notJson.ts"
import { type CrossOrigin, followed, type Rules, told } from "./redirect.ts"
import * as Secrets from "./secrets.ts"
import { toReason } from "./toReason.ts"
import { fromHttpClientError } from "./transport.ts"

/** How a request says who sends it. */
export interface Credential {
  readonly carrier: "header" | "parameter"
  /** In place of the client's own. It is taken out of what the server says, as that one is. */
  readonly apiKey: Redacted.Redacted | undefined
}

export interface Sender {
  readonly send: (
    operation: string,
    request: HttpClientRequest.HttpClientRequest,
    credential: Credential,
    crossOrigin: CrossOrigin
  ) => Effect.Effect<HttpClientResponse.HttpClientResponse, CartoError>
  readonly readBytes: (
    operation: string,
    response: HttpClientResponse.HttpClientResponse
  ) => Stream.Stream<Uint8Array, CartoError>
  readonly readText: (
    operation: string,
    response: HttpClientResponse.HttpClientResponse
  ) => Effect.Effect<string, CartoError>
  readonly readAll: (
    operation: string,
    response: HttpClientResponse.HttpClientResponse
  ) => Effect.Effect<Uint8Array, CartoError>
  /** Takes every key that was used out of a text of the server. */
  readonly clean: (text: string) => string
}

const maxRedirects = 5

export const make = (http: HttpClient.HttpClient, auth: Auth["Service"], userAgent: string): Sender => {
  const { account } = auth
  let lastKey: Redacted.Redacted | undefined
  let clean: (text: string) => string = (text) => text

  const remember = (key: Redacted.Redacted) => {
    if (key === lastKey) return
    lastKey = key
    const before = clean
    const remove = Secrets.remover(account.user, key)
    clean = (text) => remove(before(text))
  }

  /** Also takes out the tokens of maps, which stand among the parameters of the request itself, and a key for it alone. */
  const cleanOf = (request: HttpClientRequest.HttpClientRequest, { apiKey }: Credential) => {
    const withoutOther = Secrets.remover(account.user, apiKey)
    return (text: string) => clean(withoutOther(Secrets.withoutParameters(request, text)))
  }

  const fail = (operation: string, reason: CartoErrorReason) => Effect.fail(new CartoError({ operation, reason }))

  const addressed = (request: HttpClientRequest.HttpClientRequest) =>
    HttpClientRequest.setHeader(HttpClientRequest.prependUrl(request, account.baseUrl), "user-agent", userAgent)

  const authorized = (request: HttpClientRequest.HttpClientRequest, { apiKey, carrier }: Credential) =>
    Effect.map(apiKey === undefined ? auth.apiKey : Effect.succeedSome(apiKey), (found) => {
      if (Option.isNone(found)) return request
      if (apiKey === undefined) remember(found.value)
      return carrier === "parameter"
        ? HttpClientRequest.setUrlParam(request, "api_key", found.value)
        : HttpClientRequest.basicAuth(request, account.user, found.value)
    })

  const rulesOf = (crossOrigin: CrossOrigin, clean: (text: string) => string): Rules => ({
    crossOrigin,
    holdsKey: (text) => clean(text) !== text
  })

  const execute = (
    operation: string,
    request: HttpClientRequest.HttpClientRequest,
    credential: Credential,
    crossOrigin: CrossOrigin,
    redirects: number
  ): Effect.Effect<HttpClientResponse.HttpClientResponse, CartoError> =>
    Effect.matchEffect(http.execute(request), {
      onFailure: (error) => fail(operation, fromHttpClientError(error, hostOf(request), cleanOf(request, credential))),
      onSuccess: (response) => {
        if (response.status >= 200 && response.status < 300) return Effect.succeed(response)
        return Effect.flatMap(refusal(response), (body) => {
          if (response.status >= 300 && response.status < 400 && redirects < maxRedirects) {
            const next = followed(request, response, rulesOf(crossOrigin, cleanOf(request, credential)))
            return Result.isSuccess(next)
              ? execute(operation, next.success, credential, crossOrigin, redirects + 1)
              : fail(operation, next.failure)
          }
          return Effect.flatMap(Clock.currentTimeMillis, (now) =>
            fail(
              operation,
              toReason(
                { status: response.status, headers: response.headers, body: cleanOf(request, credential)(body) },
                now
              )
            )
          )
        })
      }
    })

  /** The key is read even where it is not sent: texts and addresses of others must not hold it. */
  const download = (operation: string, request: HttpClientRequest.HttpClientRequest, credential: Credential) =>
    Effect.flatMap(authorized(HttpClientRequest.setHeader(request, "user-agent", userAgent), credential), (request) => {
      const next = told(request, account.baseUrl, rulesOf("anonymous", cleanOf(request, credential)))
      return Result.isSuccess(next)
        ? execute(operation, next.success, credential, "anonymous", 0)
        : fail(operation, next.failure)
    })

  return {
    send: (operation, request, credential, crossOrigin) =>
      crossOrigin === "anonymous"
        ? download(operation, request, credential)
        : Effect.flatMap(authorized(addressed(request), credential), (request) =>
            execute(operation, request, credential, crossOrigin, 0)
          ),
    readBytes: (operation, response) => {
      const bytes = Stream.mapError(
        response.stream,
        (error) => new CartoError({ operation, reason: fromHttpClientError(error, hostOf(response.request), clean) })
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
        (error) => new CartoError({ operation, reason: fromHttpClientError(error, hostOf(response.request), clean) })
      ),
    readAll: (operation, response) =>
      Effect.mapBoth(response.arrayBuffer, {
        onFailure: (error) =>
          new CartoError({ operation, reason: fromHttpClientError(error, hostOf(response.request), clean) }),
        onSuccess: (buffer) => new Uint8Array(buffer)
      }),
    clean: (text) => clean(text)
  }
}

const hostOf = ({ url }: HttpClientRequest.HttpClientRequest): string =>
  URL.canParse(url) ? new URL(url).host : "the server"

const notData = (status: number, body: string) =>
  new ProtocolError({
    status,
    message: pageFor("data", readErrorBody(body).message),
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
