/** An HttpClient that answers from a script and remembers what it was asked, and when. */
import { Clock, Context, Effect, Layer, Ref, Result } from "effect"
import { HttpClient, HttpClientError, HttpClientRequest, HttpClientResponse } from "effect/http"

export interface Reply {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | ReadableStream<Uint8Array> | object
  /** A failure of the connection instead of an answer. */
  readonly error?: { readonly code: string; readonly message: string }
}

export interface Seen {
  readonly at: number
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly request: HttpClientRequest.HttpClientRequest
}

export class HttpMock extends Context.Service<HttpMock, { readonly seen: Effect.Effect<ReadonlyArray<Seen>> }>()(
  "test/HttpMock"
) {
  /** Answers one by one; the last reply is repeated. A function decides by the request. */
  static readonly layer = (replies: ReadonlyArray<Reply> | ((seen: Seen, index: number) => Reply)) =>
    Layer.effectContext(
      Effect.gen(function* () {
        const seen = yield* Ref.make<ReadonlyArray<Seen>>([])
        const client = HttpClient.make((request, url) =>
          Effect.gen(function* () {
            const web = yield* Effect.promise(async () => {
              const result = HttpClientRequest.toWebResult(request)
              return Result.isSuccess(result) ? await result.success.text() : ""
            })
            const entry: Seen = {
              at: yield* Clock.currentTimeMillis,
              method: request.method,
              url: url.href,
              headers: { ...request.headers },
              body: web,
              request
            }
            const index = (yield* Ref.getAndUpdate(seen, (all) => [...all, entry])).length
            const reply =
              typeof replies === "function"
                ? replies(entry, index)
                : (replies[Math.min(index, replies.length - 1)] ?? {})
            if (reply.error !== undefined) {
              return yield* new HttpClientError.HttpClientError({
                reason: new HttpClientError.TransportError({
                  request,
                  cause: Object.assign(new Error(reply.error.message), { code: reply.error.code })
                })
              })
            }
            const { body } = reply
            const isPlain =
              typeof body === "object" && !(body instanceof Uint8Array) && !(body instanceof ReadableStream)
            return HttpClientResponse.fromWeb(
              request,
              new Response(
                isPlain ? JSON.stringify(body) : ((body ?? null) as ConstructorParameters<typeof Response>[0]),
                {
                  status: reply.status ?? 200,
                  headers: { "content-type": "application/json; charset=utf-8", ...reply.headers }
                }
              )
            )
          })
        )
        return Context.make(HttpClient.HttpClient, client).pipe(
          Context.add(HttpMock, HttpMock.of({ seen: Ref.get(seen) }))
        )
      })
    )
}
