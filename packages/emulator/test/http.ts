/** A raw HTTP client for tests: what was sent is what is on the wire, and nothing of an answer is hidden. */
import { request as nodeRequest } from "node:http"
import { Effect } from "effect"

export interface RawRequest {
  readonly method?: string
  readonly headers?: Record<string, string>
  readonly body?: string | Uint8Array
}

export interface RawResponse {
  readonly status: number
  readonly headers: Record<string, string | ReadonlyArray<string> | undefined>
  readonly body: Buffer
  readonly text: string
}

/** Fails with Node's error when the connection breaks before the answer is complete. */
export const send = (url: string, { body, headers = {}, method = "GET" }: RawRequest = {}) =>
  Effect.callback<RawResponse, Error>((resume) => {
    const request = nodeRequest(url, { method, headers, agent: false }, (response) => {
      const pieces: Array<Buffer> = []
      response.on("data", (piece: Buffer) => pieces.push(piece))
      response.on("error", (error) => resume(Effect.fail(error)))
      response.on("end", () => {
        const all = Buffer.concat(pieces)
        resume(
          Effect.succeed({
            status: response.statusCode ?? 0,
            headers: response.headers,
            body: all,
            text: all.toString()
          })
        )
      })
    })
    request.on("error", (error) => resume(Effect.fail(error)))
    request.end(body)
    return Effect.sync(() => request.destroy())
  })

/** The answer's JSON. */
export const json = (response: RawResponse) => JSON.parse(response.text)

export const basic = (user: string, key: string) => ({
  authorization: `Basic ${Buffer.from(`${user}:${key}`).toString("base64")}`
})
