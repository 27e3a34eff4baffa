import { assert, describe, it } from "@effect/vitest"
import { resource } from "../../src/internal/cdn.ts"
import { crc32 } from "../../src/internal/crc32.ts"

const hosts = {
  baseUrl: "https://ana.carto.com",
  user: "ana",
  cdn_url: { templates: { https: { url: "https://{s}.cdn.example", subdomains: ["a", "b", "c"] } } }
}
const id = "e792d3aac507cce1995a8037e53f2ba5:1714979289123"

describe("a resource", () => {
  // Maps reference, §21.
  const known: ReadonlyArray<readonly [path: string, subdomain: string]> = [
    [`${id}/dataview/f_count`, "a"],
    [`${id}/analysis/node/fc2f4edbf8c0fde50fe832aa8a0f14828a635a50`, "c"]
  ]
  for (const [path, subdomain] of known) {
    it(`is on host ${subdomain} for ${path}`, () => {
      assert.strictEqual(resource(hosts, "cdn", `/${path}`), `https://${subdomain}.cdn.example/ana/api/v1/map/${path}`)
    })
  }

  it("is on the account's own host where it should be", () => {
    assert.strictEqual(resource(hosts, "direct", "/x"), "https://ana.carto.com/api/v1/map/x")
    assert.strictEqual(resource({ ...hosts, cdn_url: {} }, "cdn", "/x"), "https://ana.carto.com/api/v1/map/x")
  })
})

describe("crc32", () => {
  it("is the one of zip and PNG", () => {
    assert.strictEqual(crc32("123456789"), 0xcbf43926)
    assert.strictEqual(crc32(""), 0)
  })
})
