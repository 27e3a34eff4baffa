import { readFileSync } from "node:fs"
import { join } from "node:path"
import type { TLSSocket } from "node:tls"
import { assert, describe, it } from "@effect/vitest"
import * as NodeHttp from "@effect-carto/node/NodeHttp"
import { Effect, Layer, Logger, Redacted } from "effect"
import { HttpClient } from "effect/http"
import { serveTls } from "./TestServer.ts"

const fixture = (name: string) => join(import.meta.dirname, "fixtures", name)
const text = (name: string) => readFileSync(fixture(name), "utf8")

const identity = { cert: text("server.pem"), key: text("server.key") }
const secure = serveTls(identity, (_, response) => response.end("secure"))
const closed = serveTls(
  { ...identity, ca: text("authority.pem"), requestCert: true, rejectUnauthorized: true },
  (request, response) => response.end((request.socket as TLSSocket).getPeerCertificate().subject.CN)
)

const get = (url: string, options: NodeHttp.HttpOptions) =>
  HttpClient.get(url).pipe(
    Effect.flatMap((response) => response.text),
    Effect.provide(NodeHttp.layer({ proxy: "none", ...options }))
  )

const refusal = (options: NodeHttp.HttpOptions) =>
  Effect.map(Effect.flip(Layer.build(NodeHttp.layer({ proxy: "none", ...options }))), (error) => error.message)

const clientCertificate = {
  cert: fixture("client.pem"),
  key: fixture("client-encrypted.key"),
  passphrase: Redacted.make("open-sesame")
}

describe("NodeTls", () => {
  it.effect("refuses a certificate that nobody known has signed", () =>
    Effect.gen(function* () {
      const { url } = yield* secure
      const error = yield* Effect.flip(get(url, {}))
      assert.strictEqual(error._tag, "HttpClientError")
    })
  )

  it.effect("trusts the authorities of a file", () =>
    Effect.gen(function* () {
      const { url } = yield* secure
      assert.strictEqual(yield* get(url, { ca: fixture("authority.pem") }), "secure")
    })
  )

  it.effect("trusts authorities given as text", () =>
    Effect.gen(function* () {
      const { url } = yield* secure
      assert.strictEqual(yield* get(url, { ca: [text("client.pem"), text("authority.pem")] }), "secure")
    })
  )

  it.effect("takes any certificate when told to, and warns of it", () =>
    Effect.gen(function* () {
      const warnings: Array<unknown> = []
      const collect = Logger.make(({ logLevel, message }) => {
        warnings.push([logLevel, String(message)])
      })
      const { url } = yield* secure
      const answer = get(url, { rejectUnauthorized: false }).pipe(Effect.provide(Logger.layer([collect])))
      assert.strictEqual(yield* answer, "secure")
      assert.strictEqual(warnings.length, 1)
      assert.match(String(warnings[0]), /^Warn,Certificates are not verified/)
    })
  )

  it.effect("presents a client certificate", () =>
    Effect.gen(function* () {
      const { url } = yield* closed
      const ca = fixture("authority.pem")
      assert.strictEqual(yield* get(url, { ca, clientCertificate }), "alice")
      yield* Effect.flip(get(url, { ca }))
    })
  )

  it.effect("takes the key as redacted text", () =>
    Effect.gen(function* () {
      const { url } = yield* closed
      const key = Redacted.make(text("client-encrypted.key"))
      const options = { ca: fixture("authority.pem"), clientCertificate: { ...clientCertificate, key } }
      assert.strictEqual(yield* get(url, options), "alice")
    })
  )

  it.effect("says what is wrong before anything is sent", () =>
    Effect.gen(function* () {
      assert.strictEqual(
        yield* refusal({ ca: "/nowhere/ca.pem" }),
        'NodeTls: cannot read "/nowhere/ca.pem" of ca: there is no such file or directory'
      )
      assert.strictEqual(
        yield* refusal({ ca: fixture("server.key") }),
        `NodeTls: "${fixture("server.key")}" of ca holds no CERTIFICATE in PEM form`
      )
      assert.match(
        yield* refusal({ ca: "-----BEGIN CERTIFICATE-----\nbm8=\n-----END CERTIFICATE-----\n" }),
        /cannot be used/
      )
      const key = fixture("server.key")
      assert.match(yield* refusal({ clientCertificate: { ...clientCertificate, key } }), /cannot be used.*mismatch/)
    })
  )

  it.effect("does not repeat a key or a passphrase", () =>
    Effect.gen(function* () {
      const passphrase = Redacted.make("wrong-words")
      const wrong = yield* refusal({ clientCertificate: { ...clientCertificate, passphrase } })
      assert.match(wrong, /the certificates cannot be used/)
      assert.notInclude(wrong, "wrong-words")
      const key = Redacted.make("not-a-pem-text")
      const garbage = yield* refusal({ clientCertificate: { ...clientCertificate, key } })
      assert.strictEqual(garbage, "NodeTls: the text of clientCertificate.key holds no PRIVATE KEY in PEM form")
    })
  )
})
