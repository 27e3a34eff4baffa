import { assert, describe, it } from "@effect/vitest"
import { HttpClientError, HttpClientRequest, HttpClientResponse } from "effect/http"
import { fromHttpClientError } from "../../src/internal/transport.ts"

const request = HttpClientRequest.get("https://alice.carto.com")
const failed = (cause: unknown) =>
  fromHttpClientError(
    new HttpClientError.HttpClientError({ reason: new HttpClientError.TransportError({ request, cause }) }),
    "alice.carto.com",
    (text) => text.replaceAll("SECRET", "<redacted>")
  )
const coded = (code: string, message = code) => Object.assign(new Error(message), { code })

describe("a failure of the connection", () => {
  for (const code of [
    "ECONNREFUSED",
    "ENOTFOUND",
    "EAI_AGAIN",
    "ERR_SOCKET_CONNECTION_TIMEOUT",
    "ERR_PROXY_TUNNEL",
    "UND_ERR_CONNECT_TIMEOUT",
    "CERT_HAS_EXPIRED",
    "DEPTH_ZERO_SELF_SIGNED_CERT",
    "UNABLE_TO_VERIFY_LEAF_SIGNATURE",
    "ERR_SSL_WRONG_VERSION_NUMBER",
    "ERR_TLS_CERT_ALTNAME_INVALID"
  ]) {
    it(`with ${code} never reached the server`, () => {
      const reason = failed(coded(code))
      assert.isTrue(reason._tag === "TransportError" && !reason.mayHaveArrived && reason.code === code)
      assert.match(reason.message, /^cannot reach alice\.carto\.com/)
    })
  }

  for (const code of ["ECONNRESET", "EPIPE", "UND_ERR_SOCKET", "ETIMEDOUT", "UND_ERR_HEADERS_TIMEOUT"]) {
    it(`with ${code} may have reached it`, () => {
      const reason = failed(coded(code))
      assert.isTrue(reason._tag === "TransportError" && reason.mayHaveArrived)
    })
  }

  it("by a proxy's refusal never reached the server", () => {
    const reason = failed(coded("UND_ERR_ABORTED", "Proxy response (407) !== 200 when HTTP Tunneling"))
    assert.isTrue(reason._tag === "TransportError" && !reason.mayHaveArrived)
  })

  it("is told in the words of the innermost error, without the key", () => {
    const reason = failed(new Error("fetch failed", { cause: coded("ECONNRESET", "read SECRET\n") }))
    assert.strictEqual(reason.message, "connection lost: read <redacted>")
  })

  it("in the middle of an answer is one of the connection", () => {
    const response = HttpClientResponse.fromWeb(request, new Response(""))
    const reason = fromHttpClientError(
      new HttpClientError.HttpClientError({
        reason: new HttpClientError.DecodeError({
          request,
          response,
          cause: coded("UND_ERR_SOCKET", "other side closed")
        })
      }),
      "alice.carto.com",
      (text) => text
    )
    assert.strictEqual(reason._tag, "TransportError")
    assert.strictEqual(reason.message, "the answer broke off before its end: other side closed")
  })
})
