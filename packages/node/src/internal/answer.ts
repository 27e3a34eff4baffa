/** An answer of `node:http` as effect's clients give it. */
import type { IncomingMessage } from "node:http"
import { NodeHttpIncomingMessage } from "@effect/platform-node/NodeHttpIncomingMessage"
import * as Effect from "effect/Effect"
import * as Cookies from "effect/http/Cookies"
import * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import * as Pipeable from "effect/Pipeable"
import type * as Stream from "effect/Stream"
import type * as Socket from "effect/socket/Socket"
import * as Reading from "./reading.ts"

export class Answer
  extends NodeHttpIncomingMessage<HttpClientError.HttpClientError>
  implements HttpClientResponse.HttpClientResponse
{
  readonly [HttpClientResponse.TypeId]: typeof HttpClientResponse.TypeId = HttpClientResponse.TypeId
  readonly request: HttpClientRequest.HttpClientRequest
  readonly status: number
  readonly url: string
  readonly pipe: Pipeable.Pipeable["pipe"] = Pipeable.Prototype.pipe

  constructor(request: HttpClientRequest.HttpClientRequest, url: URL, incoming: IncomingMessage) {
    super(
      incoming,
      (cause) =>
        new HttpClientError.HttpClientError({
          reason: new HttpClientError.DecodeError({ request, response: this, cause })
        })
    )
    this.request = request
    this.status = incoming.statusCode ?? 0
    this.url = `${url.origin}${url.pathname}${url.search}`
  }

  override get stream(): Stream.Stream<Uint8Array, HttpClientError.HttpClientError> {
    return Reading.fromReadable(this.source, this.onError)
  }

  get cookies(): Cookies.Cookies {
    return Cookies.fromSetCookie(this.source.headers["set-cookie"] ?? [])
  }

  get formData(): Effect.Effect<FormData, HttpClientError.HttpClientError> {
    return Effect.flatMap(this.arrayBuffer, (body) =>
      Effect.tryPromise({
        try: () => new Response(body, { headers: this.headers }).formData(),
        catch: this.onError
      })
    )
  }

  /** CARTO upgrades no connection. */
  get upgrade(): Effect.Effect<Socket.Socket, HttpClientError.HttpClientError> {
    return Effect.fail(
      new HttpClientError.HttpClientError({
        reason: new HttpClientError.StatusCodeError({ request: this.request, response: this })
      })
    )
  }

  override toJSON(): unknown {
    return HttpIncomingMessage.inspect(this, {
      _id: "effect/http/HttpClientResponse",
      request: this.request.toJSON(),
      status: this.status
    })
  }
}
