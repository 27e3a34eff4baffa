import { readFileSync } from "node:fs"
import { request } from "node:http"
import { connect } from "node:net"
import { join } from "node:path"
import { assert, describe, it } from "@effect/vitest"
import * as NodeHttp from "@effect-carto/node/NodeHttp"
import * as NodeProxy from "@effect-carto/node/NodeProxy"
import { ConfigProvider, Effect, Redacted } from "effect"
import { HttpClient } from "effect/http"
import { checksum, portOf, serve, serveTls } from "./TestServer.ts"

const fixture = (name: string) => join(import.meta.dirname, "fixtures", name)

/** Forwards plain requests to this machine and tunnels the others; keeps what it was asked for and by whom. */
const proxy = Effect.gen(function* () {
  const asked: Array<string> = []
  const users: Array<string | undefined> = []
  const { server } = yield* serve((incoming, outgoing) => {
    asked.push(`${incoming.method} ${incoming.url}`)
    users.push(incoming.headers["proxy-authorization"])
    const { "proxy-authorization": _, ...headers } = incoming.headers
    const { pathname, port } = new URL(String(incoming.url))
    const forward = request(
      { host: "127.0.0.1", port, path: pathname, method: incoming.method ?? "GET", headers },
      (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers)
        answer.pipe(outgoing)
      }
    )
    incoming.pipe(forward)
  })
  server.on("connect", (incoming, client) => {
    asked.push(`CONNECT ${incoming.url}`)
    users.push(incoming.headers["proxy-authorization"])
    const upstream = connect(Number(String(incoming.url).split(":")[1]), "127.0.0.1", () => {
      client.write("HTTP/1.1 200 OK\r\n\r\n")
      upstream.pipe(client).pipe(upstream)
    })
    client.on("error", () => upstream.destroy())
    upstream.on("error", () => client.destroy())
  })
  return { asked, users, port: portOf(server) }
})

const environment = (variables: Record<string, string>) =>
  Effect.provide(ConfigProvider.layer(ConfigProvider.fromUnknown(variables)))

const get = (url: string, options: NodeHttp.HttpOptions) =>
  HttpClient.get(url).pipe(
    Effect.flatMap((response) => response.text),
    Effect.provide(NodeHttp.layer(options))
  )

const basic = `Basic ${Buffer.from("ann:se cret").toString("base64")}`

describe("NodeProxy", () => {
  it.effect("takes the environment's proxy for plain requests, with its password", () =>
    Effect.gen(function* () {
      const { asked, port, users } = yield* proxy
      const { server } = yield* serve(checksum())
      const url = `http://carto.test:${portOf(server)}/a?b=1`
      const answer = get(url, {}).pipe(environment({ HTTP_PROXY: `http://ann:se%20cret@127.0.0.1:${port}` }))
      assert.strictEqual(yield* answer, '{"length":0,"crc":0}')
      assert.deepStrictEqual(asked, [`GET ${url}`])
      assert.deepStrictEqual(users, [basic])
    })
  )

  it.effect("tunnels encrypted requests, and checks certificates inside", () =>
    Effect.gen(function* () {
      const { asked, port, users } = yield* proxy
      const identity = { cert: readFileSync(fixture("server.pem")), key: readFileSync(fixture("server.key")) }
      const { url } = yield* serveTls(identity, (_, response) => response.end("secure"))
      const through = { proxy: Redacted.make(`http://ann:se%20cret@127.0.0.1:${port}`) }
      assert.strictEqual(yield* get(url, { ...through, ca: fixture("authority.pem") }), "secure")
      assert.deepStrictEqual(asked, [`CONNECT ${new URL(url).host}`])
      assert.deepStrictEqual(users, [basic])
      yield* Effect.flip(get(url, through))
    })
  )

  it.effect("takes no proxy from the environment to this machine", () =>
    Effect.gen(function* () {
      const { asked, port } = yield* proxy
      const { server, url } = yield* serve(checksum())
      const throughProxy = environment({ http_proxy: `127.0.0.1:${port}` })
      yield* get(url, {}).pipe(throughProxy)
      yield* get(`http://localhost:${portOf(server)}`, {}).pipe(throughProxy)
      assert.deepStrictEqual(asked, [])
    })
  )

  it.effect("leaves out a domain with all that is below it", () =>
    Effect.gen(function* () {
      const { asked, port } = yield* proxy
      const { server } = yield* serve(checksum())
      const variables = { HTTP_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: "carto.test" }
      const error = yield* Effect.flip(
        get(`http://alice.carto.test:${portOf(server)}`, {}).pipe(environment(variables))
      )
      assert.include(String(error.cause), "ENOTFOUND")
      assert.deepStrictEqual(asked, [])
    })
  )

  it.effect("uses none when told so, and the given one when told that", () =>
    Effect.gen(function* () {
      const { asked, port } = yield* proxy
      const { url } = yield* serve(checksum())
      yield* get(url, { proxy: "none" }).pipe(environment({ HTTP_PROXY: `http://127.0.0.1:${port}` }))
      assert.deepStrictEqual(asked, [])
      yield* get(url, { proxy: Redacted.make(`http://127.0.0.1:${port}`) }).pipe(environment({ NO_PROXY: "*" }))
      assert.deepStrictEqual(asked, [`GET ${url}/`])
    })
  )

  it.effect("prefers lower case, and an empty value is none", () =>
    Effect.gen(function* () {
      const variables = { https_proxy: "a:1", HTTPS_PROXY: "b:2", HTTP_PROXY: "", no_proxy: "d, 10.0.0.1 *.e,.f" }
      assert.deepStrictEqual(yield* NodeProxy.resolve({}).pipe(environment(variables)), {
        httpProxy: "",
        httpsProxy: "http://a:1",
        noProxy: ".d,10.0.0.1,*.e,.f,.localhost,127.0.0.1,::1"
      })
    })
  )

  it.effect("does not repeat an address that is none", () =>
    Effect.gen(function* () {
      for (const proxy of ["http://ann:secret@", "ftp://ann:secret@host", "socks5://ann:secret@host:1080"]) {
        const error = yield* Effect.flip(NodeProxy.resolve({ proxy: Redacted.make(proxy) }))
        assert.strictEqual(error.message, "NodeProxy: the value of proxy is no proxy's URL")
      }
      const error = yield* Effect.flip(NodeProxy.resolve({}).pipe(environment({ HTTPS_PROXY: "http://:secret@" })))
      assert.strictEqual(error.message, "NodeProxy: the value of HTTPS_PROXY is no proxy's URL")
    })
  )

  it.effect("says so when the proxy refuses", () =>
    Effect.gen(function* () {
      const { server } = yield* serve(() => undefined)
      server.on("connect", (_, client) => client.end("HTTP/1.1 407 Proxy Authentication Required\r\n\r\n"))
      const proxy = Redacted.make(`http://ann:secret@127.0.0.1:${portOf(server)}`)
      const error = yield* Effect.flip(get("https://localhost:1", { proxy }))
      assert.include(String(error.cause), "407")
      assert.notInclude(String(error.cause), "secret")
    })
  )
})
