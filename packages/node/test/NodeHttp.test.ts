import type { AddressInfo } from "node:net"
import { createServer } from "node:net"
import { crc32 } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import * as NodeHttp from "@effect-carto/node/NodeHttp"
import { Deferred, Effect, Exit, Fiber, Scope, Stream } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { checksum, serve } from "./TestServer.ts"

const post = (url: string, body: Stream.Stream<Uint8Array, unknown>) =>
  HttpClientRequest.post(url).pipe(HttpClientRequest.bodyStream(body, { contentType: "text/csv" }), HttpClient.execute)

/** Every chunk is different, so that a chunk sent twice or too late changes the checksum. */
const numbered = (count: number, size: number) =>
  Stream.map(Stream.range(1, count), (i) => new Uint8Array(size).fill(i % 251))

const afterTurns = (count: number, run: () => void): void => {
  setImmediate(() => (count === 0 ? run() : afterTurns(count - 1, run)))
}

const checksumOf = (count: number, size: number) => {
  let crc = 0
  for (let i = 1; i <= count; i++) crc = crc32(new Uint8Array(size).fill(i % 251), crc)
  return { length: count * size, crc }
}

it.layer(NodeHttp.layer({ proxy: "none" }))("NodeHttp", (it) => {
  describe("an upload", () => {
    for (const [size, count] of [
      [100, 20_000],
      [16_384, 200],
      [65_536, 60],
      [1 << 20, 8]
    ] as const) {
      for (const pause of [0, 1]) {
        it.effect(`arrives as it was sent, in chunks of ${size}, at a ${pause === 0 ? "fast" : "slow"} server`, () =>
          Effect.gen(function* () {
            const { url } = yield* serve(checksum(pause))
            const response = yield* post(url, numbered(count, size))
            assert.deepStrictEqual(yield* response.json, checksumOf(count, size))
          })
        )
      }
    }

    it.effect("keeps the request's headers", () =>
      Effect.gen(function* () {
        const { url } = yield* serve((request, response) => {
          request.resume().on("end", () => response.end(JSON.stringify(request.headers)))
        })
        const request = HttpClientRequest.post(url).pipe(
          HttpClientRequest.bodyStream(Stream.make(new Uint8Array(5)), { contentType: "text/csv", contentLength: 5 }),
          HttpClientRequest.setHeader("content-encoding", "gzip")
        )
        const headers = yield* Effect.flatMap(HttpClient.execute(request), (response) => response.json)
        assert.nestedPropertyVal(headers, "content-type", "text/csv")
        assert.nestedPropertyVal(headers, "content-length", "5")
        assert.nestedPropertyVal(headers, "content-encoding", "gzip")
      })
    )

    it.effect("is stopped by an early answer, which is read with its body", () =>
      Effect.gen(function* () {
        const refusal = JSON.stringify({ error: ['invalid input syntax for type integer: "x"'] })
        // As CARTO does: it answers and reads no further.
        const { url } = yield* serve((request, response) => {
          request.once("data", () => {
            request.pause()
            response.writeHead(400, { "content-type": "application/json" }).end(refusal)
          })
        })
        let sent = 0
        const endless = Stream.tap(Stream.forever(numbered(1, 1 << 20)), () => Effect.sync(() => (sent += 1)))
        const response = yield* post(url, endless)
        assert.strictEqual(response.status, 400)
        assert.strictEqual(yield* response.text, refusal)
        assert.isBelow(sent, 100)
      })
    )

    for (const size of [1 << 16, 1 << 20]) {
      it.effect(`leaves the answer readable when the server closes unread, at chunks of ${size}`, () =>
        Effect.gen(function* () {
          const head = "HTTP/1.1 400 Bad Request\r\ncontent-length: 2\r\nconnection: close\r\n\r\n"
          const { url } = yield* serveRaw((socket) => {
            socket.on("error", () => undefined)
            socket.once("data", () => {
              socket.pause()
              socket.write(`${head}no`, () => socket.destroy())
            })
          })
          for (let i = 0; i < 20; i++) {
            const response = yield* post(url, Stream.forever(numbered(1, size)))
            assert.strictEqual(response.status, 400)
            assert.strictEqual(yield* response.text, "no")
          }
        })
      )
    }

    it.effect("fails when the connection is reset", () =>
      Effect.gen(function* () {
        const { url } = yield* serveRaw((socket) => {
          socket.once("data", () => socket.resetAndDestroy())
        })
        const error = yield* Effect.flip(post(url, Stream.forever(numbered(1, 1 << 16))))
        assert.strictEqual(error.reason._tag, "TransportError")
      })
    )

    it.effect("never looks complete when its source fails", () =>
      Effect.gen(function* () {
        const ended = yield* Deferred.make<string>()
        const { url } = yield* serve((request, response) => {
          request.resume()
          request.on("end", () => Deferred.doneUnsafe(ended, Effect.succeed("complete")))
          request.on("error", () => Deferred.doneUnsafe(ended, Effect.succeed("aborted")))
          request.on("end", () => response.end())
        })
        yield* Effect.flip(post(url, Stream.concat(numbered(3, 1 << 16), Stream.fail("broken"))))
        assert.strictEqual(yield* Deferred.await(ended), "aborted")
      })
    )

    it.effect("closes its connection when it is interrupted", () =>
      Effect.gen(function* () {
        const begun = yield* Deferred.make<void>()
        const closed = yield* Deferred.make<void>()
        const { url } = yield* serve((request) => {
          request.once("data", () => Deferred.doneUnsafe(begun, Effect.void))
          request.on("data", () => undefined)
          request.on("error", () => undefined)
          request.on("close", () => Deferred.doneUnsafe(closed, Effect.void))
        })
        const fiber = yield* Effect.forkChild(post(url, Stream.concat(numbered(1, 1 << 16), Stream.never)))
        yield* Deferred.await(begun)
        yield* Fiber.interrupt(fiber)
        yield* Deferred.await(closed)
      })
    )

    it.effect("closes its connection with its scope, also when the answer has begun", () =>
      Effect.gen(function* () {
        const closed = yield* Deferred.make<void>()
        const { url } = yield* serve((_, response) => {
          response.on("close", () => Deferred.doneUnsafe(closed, Effect.void))
          response.write("the beginning")
        })
        const client = HttpClient.withScope(yield* HttpClient.HttpClient)
        yield* Effect.scoped(client.get(url))
        yield* Deferred.await(closed)
      })
    )

    it.effect("is not sent in a scope that is closed", () =>
      Effect.gen(function* () {
        let seen = 0
        const { url } = yield* serve((_, response) => {
          seen++
          response.end()
        })
        const client = HttpClient.withScope(yield* HttpClient.HttpClient)
        const scope = yield* Scope.make()
        yield* Scope.close(scope, Exit.void)
        const { reason } = yield* client.get(url).pipe(Scope.provide(scope), Effect.flip)
        assert.deepStrictEqual([reason._tag, seen], ["TransportError", 0])
      })
    )

    it.effect("does not run ahead of a slow server", () =>
      Effect.gen(function* () {
        let sent = 0
        let lead = 0
        let received = 0
        const { url } = yield* serve((request, response) => {
          request.on("data", (chunk: Buffer) => {
            received += chunk.length
            lead = Math.max(lead, sent - received)
            request.pause()
            afterTurns(5, () => request.resume())
          })
          request.on("end", () => response.end())
        })
        const source = Stream.tap(numbered(64, 1 << 20), (chunk) => Effect.sync(() => (sent += chunk.length)))
        yield* post(url, source)
        assert.strictEqual(received, 64 << 20)
        // What the kernel holds on both sides, and a chunk or two; without back-pressure it would be all.
        assert.isBelow(lead, 24 << 20)
      })
    )
  })

  it.effect("does not let a download run ahead of its reader", () =>
    Effect.gen(function* () {
      let sent = 0
      const { url } = yield* serve((_, response) => {
        const chunk = Buffer.alloc(1 << 20)
        const send = () => {
          while (sent < 64 << 20) {
            sent += chunk.length
            if (!response.write(chunk)) return response.once("drain", send)
          }
          return response.end()
        }
        send()
      })
      let lead = 0
      let received = 0
      const response = yield* HttpClient.get(url)
      yield* Stream.runForEach(response.stream, (chunk) =>
        Effect.callback<void>((resume) => {
          received += chunk.length
          lead = Math.max(lead, sent - received)
          afterTurns(5, () => resume(Effect.void))
        })
      )
      assert.strictEqual(received, 64 << 20)
      assert.isBelow(lead, 24 << 20)
    })
  )

  it.effect("uses connections again", () =>
    Effect.gen(function* () {
      let connections = 0
      const { server, url } = yield* serve((_, response) => {
        response.end("ok")
      })
      server.on("connection", () => (connections += 1))
      const get = Effect.flatMap(HttpClient.get(url), (response) => response.text)
      yield* Effect.replicateEffect(get, 20)
      // A body may end a moment before its connection is free.
      assert.isBelow(connections, 4)
    })
  )
})

const serveRaw = (onConnection: Parameters<typeof createServer>[1] & object) =>
  Effect.map(
    Effect.acquireRelease(
      Effect.callback<ReturnType<typeof createServer>>((resume) => {
        const server = createServer(onConnection)
        server.listen(0, "127.0.0.1", () => resume(Effect.succeed(server)))
      }),
      (server) =>
        Effect.callback<void>((resume) => {
          server.close(() => resume(Effect.void))
        })
    ),
    (server) => ({ url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
  )
