import { Agent as HttpAgent } from "node:http"
import { Agent as HttpsAgent } from "node:https"
import type { AddressInfo } from "node:net"
import { createServer } from "node:net"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Stream } from "effect"
import { HttpBody, HttpClientRequest } from "effect/http"
import * as Exchange from "../../src/internal/exchange.ts"
import { serve } from "../TestServer.ts"

const client = Exchange.client((protocol) =>
  protocol === "https:" ? new HttpsAgent({ timeout: 50 }) : new HttpAgent()
)

/** Takes connections and says nothing, not even that it is there. */
const mute = Effect.acquireRelease(
  Effect.callback<{ readonly port: number; readonly close: () => void }>((resume) => {
    const server = createServer((socket) => socket.on("error", () => undefined).resume())
    server.listen(0, "127.0.0.1", () =>
      resume(Effect.succeed({ port: (server.address() as AddressInfo).port, close: () => server.close() }))
    )
  }),
  ({ close }) => Effect.sync(close)
)

const echo = Effect.suspend(() =>
  serve((request, response) => {
    response.writeHead(200, { "content-type": "application/json", "set-cookie": ["a=1", "b=2"] })
    const pieces: Array<Buffer> = []
    request.on("data", (piece: Buffer) => pieces.push(piece))
    request.on("end", () =>
      response.end(
        JSON.stringify({ method: request.method, headers: request.headers, body: Buffer.concat(pieces).toString() })
      )
    )
  })
)

const echoed = (body: HttpBody.HttpBody, method: "POST" | "DELETE" = "POST") =>
  Effect.gen(function* () {
    const { url } = yield* echo
    const response = yield* client.execute(HttpClientRequest.setBody(HttpClientRequest.make(method)(url), body))
    return yield* response.json
  })

describe("an exchange", () => {
  it.effect("gives up a connection that is not made, of which nothing was sent", () =>
    Effect.gen(function* () {
      const { port } = yield* mute
      const error = yield* Effect.flip(client.get(`https://127.0.0.1:${port}`))
      assert.nestedPropertyVal(error.reason, "cause.code", "ERR_SOCKET_CONNECTION_TIMEOUT")
    })
  )

  it.effect("sends text, bytes, forms and streams", () =>
    Effect.gen(function* () {
      assert.propertyVal(yield* echoed(HttpBody.empty), "body", "")
      assert.propertyVal(yield* echoed(HttpBody.text("Zürich")), "body", "Zürich")
      assert.propertyVal(yield* echoed(HttpBody.raw("raw")), "body", "raw")
      const form = new FormData()
      form.append("file", new Blob(["1,2"]), "a.csv")
      const sent = yield* echoed(HttpBody.formData(form))
      assert.match(JSON.stringify(sent), /content-type":"multipart\/form-data; boundary=.*filename=\\"a\.csv\\".*1,2/)
      const bytes = HttpBody.stream(Stream.make(new TextEncoder().encode("a"), new TextEncoder().encode("b")))
      assert.propertyVal(yield* echoed(bytes), "body", "ab")
      assert.propertyVal(yield* echoed(bytes, "DELETE"), "body", "ab")
    })
  )

  it.effect("refuses bodies and headers that it cannot send", () =>
    Effect.gen(function* () {
      const bad = HttpClientRequest.setHeader(HttpClientRequest.get("http://127.0.0.1:1"), "x", "a\nb")
      assert.strictEqual((yield* Effect.flip(client.execute(bad))).reason._tag, "EncodeError")
      assert.nestedPropertyVal(yield* Effect.flip(echoed(HttpBody.raw({}))), "reason._tag", "EncodeError")
    })
  )

  it.effect("gives the answer's headers, cookies and address", () =>
    Effect.gen(function* () {
      const { url } = yield* echo
      const response = yield* client.get(`${url}/a?b=1#c`)
      assert.strictEqual(response.url, `${url}/a?b=1`)
      assert.strictEqual(response.headers["content-type"], "application/json")
      assert.deepStrictEqual(Object.keys(response.cookies.cookies), ["a", "b"])
      assert.strictEqual((yield* Effect.flip(response.upgrade)).reason._tag, "StatusCodeError")
    })
  )
})
