/** A web server of a test's own, whose answers are told path by path. */
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { Effect } from "effect"

export type Answer = (request: IncomingMessage, response: ServerResponse) => void

/** A body with headers. */
export const content =
  (body: string | Uint8Array, headers: Readonly<Record<string, string>> = {}, status = 200): Answer =>
  (_, response) =>
    response.writeHead(status, { ...headers }).end(body)

/** Serves until its scope ends; answers by path can be changed meanwhile. */
export const serve = Effect.fnUntraced(function* (answers: Record<string, Answer>) {
  const server = createServer((request, response) => {
    const answer = answers[(request.url ?? "").split("?", 1)[0] ?? ""]
    if (answer === undefined) response.writeHead(404).end()
    else answer(request, response)
  })
  const url = yield* Effect.acquireRelease(
    Effect.callback<string>((resume) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resume(Effect.succeed(`http://127.0.0.1:${typeof address === "object" ? address?.port : 0}`))
      })
    }),
    () =>
      Effect.sync(() => {
        server.closeAllConnections()
        server.close()
      })
  )
  return url
})
