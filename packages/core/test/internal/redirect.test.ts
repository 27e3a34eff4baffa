import { assert, describe, it } from "@effect/vitest"
import { Redacted, Result, Schema } from "effect"
import { Headers, HttpClientRequest } from "effect/http"
import { followed, type Rules, told } from "../../src/internal/redirect.ts"

const key = "key-of-alice"
const rules = (crossOrigin: Rules["crossOrigin"]): Rules => ({ crossOrigin, holdsKey: (text) => text.includes(key) })
const keyed = (url: string) =>
  HttpClientRequest.get(url, { headers: { "user-agent": "test", "x-more": "1" } }).pipe(
    HttpClientRequest.basicAuth("alice", Redacted.make(key)),
    HttpClientRequest.setUrlParam("api_key", Redacted.make(key))
  )

const redirect = (status: number, location: string) => ({ status, headers: Headers.fromInput({ location }) })

const hosts = [
  "acme.carto.com",
  "acme.carto.com:8443",
  "alice.carto.com",
  "storage.example",
  "acme.carto.com.evil.example"
]
const Address = Schema.Struct({
  scheme: Schema.Literals(["https://", "http://", "//", "", "ftp://", "HTTPS://"]),
  user: Schema.Literals(["", "acme.carto.com@", "a:b@"]),
  host: Schema.Literals(hosts),
  path: Schema.Literals(["", "/", "/a/b?c=d", "/%2e%2e/x", "\\\\storage.example/x"])
})
const textOf = ({ host, path, scheme, user }: typeof Address.Type) =>
  scheme === "" ? path : `${scheme}${user}${host}${path}`

const base = "https://acme.carto.com/u/alice"

/** A key is on a request for the account's own origin or it is not there at all. */
const assertSafe = (next: ReturnType<typeof told>) => {
  if (Result.isFailure(next)) return
  const { headers, url, urlParams } = next.success
  assert.strictEqual(new URL(url).protocol, "https:")
  if (new URL(url).origin === "https://acme.carto.com") return
  assert.deepStrictEqual({ ...headers }, { "user-agent": "test" })
  assert.strictEqual(urlParams.params.length, 0)
}

describe("a download", () => {
  it.prop(
    "takes the key to the account's origin only, wherever the server says the file is",
    [Address],
    ([address]) => {
      assertSafe(told(keyed(textOf(address)), base, rules("anonymous")))
    }
  )

  it.prop("takes it nowhere else by any chain of redirects", [Schema.Array(Address)], ([addresses]) => {
    let request = keyed(`${base}/api/v3/visualization_exports/1/download`)
    let isAbroad = false
    for (const address of addresses) {
      const next = followed(request, redirect(302, textOf(address)), rules("anonymous"))
      assertSafe(next)
      if (Result.isFailure(next)) return
      request = next.success
      isAbroad ||= new URL(request.url).origin !== "https://acme.carto.com"
      // What comes back from abroad stays without it.
      if (isAbroad) assert.isUndefined(request.headers.authorization)
    }
  })

  it("is sent as it was written: a signature holds for its letters", () => {
    const address = "https://storage.example/a%20b?X-Amz-Signature=a%2Fb+c%20d&e"
    const next = told(keyed(address), base, rules("anonymous"))
    assert.strictEqual(Result.isSuccess(next) && next.success.url, address)
  })
})

describe("every other request", () => {
  it.prop("stays within its origin", [Address], ([address]) => {
    const request = keyed(`${base}/api/v4/me`)
    const next = followed(request, redirect(302, textOf(address)), rules("refuse"))
    if (Result.isSuccess(next)) assert.strictEqual(new URL(next.success.url).origin, "https://acme.carto.com")
  })

  it("is not repeated elsewhere when it writes, not even as a download", () => {
    for (const crossOrigin of ["refuse", "anonymous"] as const) {
      const request = HttpClientRequest.post(`${base}/api/v1/imports`)
      const next = followed(request, redirect(307, "/elsewhere"), rules(crossOrigin))
      assert.isTrue(Result.isFailure(next))
    }
  })
})
