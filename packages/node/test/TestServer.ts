import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from "node:http"
import { createServer as createTlsServer, type ServerOptions } from "node:https"
import type { AddressInfo } from "node:net"
import { crc32 } from "node:zlib"
import { Effect } from "effect"

const listening = (server: Server) =>
  Effect.acquireRelease(
    Effect.callback<Server>((resume) => {
      server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
    }),
    () =>
      Effect.callback<void>((resume) => {
        server.closeAllConnections()
        server.close(() => resume(Effect.void))
      })
  )

export const portOf = (server: Server) => (server.address() as AddressInfo).port

/** A server on a free port, until the scope closes. */
export const serve = (listener: RequestListener, options?: { readonly highWaterMark?: number }) =>
  Effect.map(listening(createServer(options ?? {}, listener)), (server) => ({
    server,
    url: `http://127.0.0.1:${portOf(server)}`
  }))

export const serveTls = (options: ServerOptions, listener: RequestListener) =>
  Effect.map(listening(createTlsServer(options, listener)), (server) => ({
    server,
    url: `https://localhost:${portOf(server)}`
  }))

/** Answers with length and CRC of the body; waits between the pieces when told to. */
export const checksum =
  (pause = 0) =>
  (request: IncomingMessage, response: ServerResponse) => {
    let length = 0
    let crc = 0
    request.on("data", (chunk: Buffer) => {
      length += chunk.length
      crc = crc32(chunk, crc)
      if (pause > 0) {
        request.pause()
        setTimeout(() => request.resume(), pause)
      }
    })
    request.on("end", () => response.end(JSON.stringify({ length, crc })))
  }
