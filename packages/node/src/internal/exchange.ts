/** One request and its answer on `node:http`. The answer may come while the request is still being sent. */
import type { ClientRequest, IncomingMessage } from "node:http"
import * as Cause from "effect/Cause"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as Predicate from "effect/Predicate"
import * as Agents from "./agents.ts"
import { Answer } from "./answer.ts"
import * as Reading from "./reading.ts"
import * as Upload from "./upload.ts"

export const client = (agents: Agents.Agents): HttpClient.HttpClient =>
  HttpClient.make((request, url, signal, fiber) =>
    Effect.flatMap(begun(agents, request, url, signal), (outgoing) =>
      Effect.callback<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError>((resume) => {
        const fail = (reason: HttpClientError.HttpClientErrorReason) => resume(Effect.fail(failure(reason)))
        // For good: what breaks after the answer began its reader learns, and nobody else has to.
        outgoing.on("error", (cause) => fail(new HttpClientError.TransportError({ request, cause })))
        outgoing.once("timeout", () => isConnected(outgoing) || outgoing.destroy(unconnected()))
        outgoing.once("response", (incoming: IncomingMessage) => {
          // Nobody waits for the rest of an upload whose answer is whole.
          incoming.once("close", () => outgoing.writableFinished || outgoing.destroy())
          resume(Effect.succeed(new Answer(request, url, incoming)))
        })
        const upload = Effect.runForkWith(fiber.context)(Upload.send(outgoing, request.body))
        upload.addObserver((exit) => {
          if (exit._tag === "Success") return
          fail(new HttpClientError.EncodeError({ request, cause: Cause.squash(exit.cause) }))
          outgoing.destroy()
        })
        outgoing.once("close", () => upload.interruptUnsafe())
        return Effect.sync(() => outgoing.destroy())
      })
    )
  )

const failure = (reason: HttpClientError.HttpClientErrorReason) => new HttpClientError.HttpClientError({ reason })

/** Fails for headers that HTTP does not allow. */
const begun = (agents: Agents.Agents, request: HttpClientRequest.HttpClientRequest, url: URL, signal: AbortSignal) =>
  Effect.try({
    try: (): ClientRequest => {
      const isSecure = url.protocol === "https:"
      const { request: start } = process.getBuiltinModule(isSecure ? "node:https" : "node:http")
      return start(url, {
        agent: agents(isSecure ? "https:" : "http:"),
        method: request.method,
        headers: request.headers,
        signal,
        ...Reading.inOwnMemory()
      })
    },
    catch: (cause) => failure(new HttpClientError.EncodeError({ request, cause }))
  })

const isConnected = ({ socket }: ClientRequest): boolean =>
  socket !== null &&
  !socket.connecting &&
  !(Predicate.hasProperty(socket, "secureConnecting") && socket.secureConnecting)

/** Node's own code for this, which tells that nothing was sent. */
const unconnected = (): Error =>
  Object.assign(new Error(`no connection within ${Duration.format(Agents.connectPatience)}`), {
    code: "ERR_SOCKET_CONNECTION_TIMEOUT"
  })
