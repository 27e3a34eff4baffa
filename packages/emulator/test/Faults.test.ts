import { connect, type Socket } from "node:net"
import { assert, it } from "@effect/vitest"
import { Context, Effect, Exit, Fiber, Layer, Redacted, Scope } from "effect"
import { TestClock } from "effect/testing"
import { Emulator } from "../src/Emulator.ts"
import { Fault, htmlPage, serverError, tooManyRequests } from "../src/Faults.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { json, type RawRequest, send } from "./http.ts"

const query = Effect.fnUntraced(function* (q = "SELECT 1 AS a", request: RawRequest = {}) {
  const emulator = yield* Emulator
  const params = new URLSearchParams({ q, api_key: Redacted.value(emulator.masterKey) })
  return yield* send(`${emulator.url}/api/v2/sql?${params}`, request)
})

const inject = (...args: Parameters<Emulator["Service"]["faults"]["inject"]>) =>
  Effect.flatMap(Emulator, ({ faults }) => faults.inject(...args))

const healthy = Effect.map(query(), (response) => assert.deepStrictEqual(json(response).rows, [{ a: 1 }]))

const open = (origin: string) =>
  Effect.callback<Socket>((resume) => {
    const { hostname, port } = new URL(origin)
    const socket = connect(Number(port), hostname, () => resume(Effect.succeed(socket)))
  })

it.layer(Emulator.layer().pipe(Layer.provideMerge(PgliteDatabase.layer())), { timeout: "2 minutes" })(
  "Faults",
  (it) => {
    it.effect("a fault meets the next request, and only that", () =>
      Effect.gen(function* () {
        yield* inject(serverError())
        const response = yield* query()
        assert.deepStrictEqual([response.status, json(response)], [500, { error: ["something broke"] }])
        yield* healthy
      })
    )

    it.effect("a fault meets as many matching requests as told, in the order of injection", () =>
      Effect.gen(function* () {
        yield* inject(serverError(503), { method: "post", path: "/SQL", times: 2 })
        yield* inject(serverError(504), { path: /copyto$/ })
        yield* healthy
        const post = { method: "POST" }
        assert.strictEqual((yield* query("SELECT 1", post)).status, 503)
        assert.strictEqual((yield* query("SELECT 1", post)).status, 503)
        assert.strictEqual((yield* query("SELECT 1", post)).status, 200)
        yield* Effect.flatMap(Emulator, ({ faults }) => faults.clear)
        const { url } = yield* Emulator
        assert.strictEqual((yield* send(`${url}/api/v2/sql/copyto`)).status, 400)
      })
    )

    it.effect("429 has the limiter's headers, or none", () =>
      Effect.gen(function* () {
        yield* inject(tooManyRequests({ retryAfter: 7 }))
        yield* inject(tooManyRequests())
        const limited = yield* query()
        assert.deepStrictEqual(
          [limited.status, limited.headers["retry-after"], json(limited).detail],
          [429, "7", "rate-limit"]
        )
        const bare = yield* query()
        assert.deepStrictEqual([bare.status, bare.headers["retry-after"]], [429, undefined])
      })
    )

    it.effect("a page of HTML has any status", () =>
      Effect.gen(function* () {
        yield* inject(htmlPage())
        yield* inject(htmlPage(200))
        const statuses = [yield* query(), yield* query()].map(({ headers, status }) => [
          status,
          headers["content-type"]
        ])
        assert.deepStrictEqual(statuses, [
          [502, "text/html"],
          [200, "text/html"]
        ])
      })
    )

    it.effect("a wrong type stands on the true answer", () =>
      Effect.gen(function* () {
        yield* inject(Fault.ContentType({ contentType: "text/plain" }))
        const response = yield* query()
        assert.deepStrictEqual([response.headers["content-type"], json(response).rows], ["text/plain", [{ a: 1 }]])
      })
    )

    it.effect("latency passes on the test's clock", () =>
      Effect.gen(function* () {
        yield* inject(Fault.Latency({ delay: "1 minute" }))
        const fiber = yield* Effect.forkChild(query())
        const other = yield* Effect.forkChild(
          Effect.forever(TestClock.adjust("1 second").pipe(Effect.andThen(Effect.yieldNow)))
        )
        assert.strictEqual((yield* Fiber.join(fiber)).status, 200)
        yield* Fiber.interrupt(other)
      })
    )

    it.effect("a cut answer ends in the middle, chunked or with its length", () =>
      Effect.gen(function* () {
        yield* inject(Fault.Cut({ afterBytes: 5 }), { times: 2 })
        assert.match(String(yield* Effect.flip(query())), /aborted/)
        assert.match(String(yield* Effect.flip(query("SELECT nope"))), /aborted/)
        yield* healthy
      })
    )

    it.effect("a reset ends the connection before an answer", () =>
      Effect.gen(function* () {
        yield* inject(Fault.Reset())
        assert.match(String(yield* Effect.flip(query())), /ECONNRESET|hang up/)
        yield* healthy
      })
    )

    it.effect("a hanging request ends when its client leaves", () =>
      Effect.gen(function* () {
        yield* inject(Fault.Hang(), { path: "copyto" })
        const { url } = yield* Emulator
        const fiber = yield* Effect.forkChild(send(`${url}/api/v2/sql/copyto`))
        yield* healthy
        assert.isUndefined(fiber.pollUnsafe())
        yield* Fiber.interrupt(fiber)
      })
    )

    it.effect("an emulator that ends closes the connections that still wait", () =>
      Effect.gen(function* () {
        const scope = yield* Scope.make()
        const emulator = Context.get(yield* Layer.buildWithScope(Emulator.layer(), scope), Emulator)
        yield* emulator.faults.inject(Fault.Hang())
        const socket = yield* open(emulator.origin)
        // A connection that still has something to say is reset, which is as good an end.
        socket.on("error", () => undefined)
        const closed = yield* Effect.forkChild(
          Effect.callback<void>((resume) => void socket.once("close", () => resume(Effect.void)))
        )
        socket.write("GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        yield* Effect.yieldNow
        yield* Scope.close(scope, Exit.void)
        yield* Fiber.join(closed)
      })
    )

    it.effect("an upload is answered while it is still being sent", () =>
      Effect.gen(function* () {
        yield* inject(serverError(503), { path: "copyfrom" })
        const socket = yield* open((yield* Emulator).origin)
        const answer = yield* Effect.callback<string>((resume) => {
          socket.once("data", (bytes: Buffer) => resume(Effect.succeed(bytes.toString())))
          socket.write(
            "POST /user/alice/api/v2/sql/copyfrom HTTP/1.1\r\nHost: x\r\nContent-Length: 1000000000\r\n\r\npart"
          )
          return Effect.sync(() => socket.destroy())
        })
        assert.match(answer, /^HTTP\/1\.1 503 /)
      })
    )
  }
)
