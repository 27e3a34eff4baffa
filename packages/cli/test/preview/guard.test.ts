import { assert, describe, it } from "@effect/vitest"
import { opener } from "../../src/preview/browser.ts"
import { isForeign } from "../../src/preview/guard.ts"

describe("the preview's guard", () => {
  it("answers loopback's own names only", () => {
    for (const host of ["127.0.0.1:81", "localhost:81", "LOCALHOST:81", "[::1]:81"]) {
      assert.isFalse(isForeign({ host }, 81), host)
    }
    const strangers = ["evil.example:81", "127.0.0.1", "127.0.0.1:82", "127.0.0.1.evil.example:81", "", undefined]
    for (const host of strangers) assert.isTrue(isForeign({ host }, 81), host)
  })

  it("answers no other site", () => {
    const host = "localhost:81"
    assert.isFalse(isForeign({ host, "sec-fetch-site": "same-origin" }, 81))
    assert.isFalse(isForeign({ host, "sec-fetch-site": "none" }, 81))
    for (const site of ["cross-site", "same-site"]) assert.isTrue(isForeign({ host, "sec-fetch-site": site }, 81), site)
  })
})

describe("the browser", () => {
  it("is opened by what the system has for it", () => {
    assert.deepStrictEqual(opener("darwin"), ["open"])
    assert.deepStrictEqual(opener("win32"), ["rundll32", "url.dll,FileProtocolHandler"])
    assert.deepStrictEqual(opener("linux"), ["xdg-open"])
  })
})
