import { assert, describe, it } from "@effect/vitest"
import { Effect, Schema } from "effect"
import { path } from "../../src/internal/path.ts"

describe("path", () => {
  for (const [id, expected] of [
    ["a-b", "/job/a-b/x"],
    ["a/b", "/job/a%2Fb/x"],
    ["a?b#c", "/job/a%3Fb%23c/x"],
    ["50%", "/job/50%25/x"],
    ["Default public", "/job/Default%20public/x"],
    ["../../sql?q=drop", "/job/..%2F..%2Fsql%3Fq%3Ddrop/x"],
    ["..", "/job/%252E%252E/x"],
    [".", "/job/%252E/x"],
    ["", "/job/%20/x"],
    ["http://other.host/x", "/job/http%3A%2F%2Fother.host%2Fx/x"]
  ] as const) {
    it(`keeps ${JSON.stringify(id)} in one segment`, () => assert.strictEqual(path`/job/${id}/x`, expected))
  }

  it.effect.prop("never leaves its place after a URL parser has read it", { id: Schema.String }, ({ id }) =>
    Effect.sync(() => {
      const url = new URL(path`/api/v2/sql/job/${id}`, "https://alice.carto.com")
      assert.strictEqual(url.origin, "https://alice.carto.com")
      assert.isTrue(url.pathname.startsWith("/api/v2/sql/job/"))
      assert.strictEqual(url.pathname.split("/").length, 6)
      assert.strictEqual(url.search + url.hash, "")
    })
  )
})
