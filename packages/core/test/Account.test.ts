import { assert, describe, it } from "@effect/vitest"
import { Result } from "effect"
import * as Account from "../src/Account.ts"

type Case = readonly [address: string, baseUrl: string, user: string, organization?: string]

const understood: ReadonlyArray<Case> = [
  ["https://alice.carto.com", "https://alice.carto.com", "alice"],
  ["https://alice.carto.com/", "https://alice.carto.com", "alice"],
  ["  alice.carto.com ", "https://alice.carto.com", "alice"],
  ["http://alice.cartodb.com", "http://alice.cartodb.com", "alice"],
  ["https://alice.carto.com/api/v2/sql?q=select%201&api_key=SECRET", "https://alice.carto.com", "alice"],
  ["https://alice.carto.com/dashboard/datasets/?page=2", "https://alice.carto.com", "alice"],
  ["https://alice.carto.com/builder/4ff3-11/embed#layer", "https://alice.carto.com", "alice"],
  ["https://alice.carto.com/tables/cities/public", "https://alice.carto.com", "alice"],
  ["https://acme.carto.com/u/bob", "https://acme.carto.com/u/bob", "bob", "acme"],
  ["https://acme.carto.com/u/bob/", "https://acme.carto.com/u/bob", "bob", "acme"],
  ["https://acme.carto.com/user/bob/api/v1/viz", "https://acme.carto.com/user/bob", "bob", "acme"],
  ["acme.carto.com/u/bob/dashboard", "https://acme.carto.com/u/bob", "bob", "acme"],
  ["https://carto.example.org/user/bob", "https://carto.example.org/user/bob", "bob"],
  ["https://bob.maps.example.org", "https://bob.maps.example.org", "bob"],
  ["https://carto.example.org:8443/user/bob/", "https://carto.example.org:8443/user/bob", "bob"],
  ["http://127.0.0.1:8080/user/alice", "http://127.0.0.1:8080/user/alice", "alice"],
  ["http://[::1]:8080/user/alice/api/v2/sql", "http://[::1]:8080/user/alice", "alice"],
  ["http://localhost:4321/user/alice", "http://localhost:4321/user/alice", "alice"],
  ["http://alice.localhost:4321", "http://alice.localhost:4321", "alice"],
  ["HTTPS://Alice.Carto.COM", "https://alice.carto.com", "alice"]
]

const refused: ReadonlyArray<readonly [address: string, words: RegExp]> = [
  ["", /not a web address/],
  ["not an address", /not a web address/],
  ["alice", /does not say which user/],
  ["https://localhost:8080", /does not say which user/],
  ["https://10.0.0.7", /does not say which user/],
  ["https://10.0.0.7/user/", /does not say which user/],
  ["ftp://alice.carto.com", /use https/],
  ["https://alice:SECRET@alice.carto.com", /give the key separately/],
  ["https://carto.com", /names no account/],
  ["https://app.carto.com/maps", /names no account/],
  ["https://carto.example.org/user/Bob%20Smith", /not a CARTO user name/],
  ["https://-x-.carto.com", /not a CARTO user name/]
]

describe("Account", () => {
  for (const [address, baseUrl, user, organization] of understood) {
    it(`understands ${address}`, () => {
      const account = Result.getOrThrow(Account.parse(address))
      assert.deepStrictEqual(
        [account.baseUrl, account.user, account.organization ?? undefined],
        [baseUrl, user, organization]
      )
    })
  }

  for (const [address, words] of refused) {
    it(`refuses ${JSON.stringify(address)} and says what is expected`, () => {
      const result = Account.parse(address)
      assert.isTrue(Result.isFailure(result))
      if (Result.isFailure(result)) {
        assert.match(result.failure.message, words)
        assert.include(result.failure.advice, "https://USER.carto.com")
        assert.notInclude(result.failure.message, "SECRET")
      }
    })
  }

  it("takes the user from the caller where the address has none", () => {
    const account = Result.getOrThrow(Account.parse("http://10.0.0.7:8080", { user: "alice" }))
    assert.strictEqual(account.baseUrl, "http://10.0.0.7:8080/user/alice")
  })

  it("prefers the caller's organization", () => {
    const account = Result.getOrThrow(Account.parse("https://carto.example.org/user/bob", { organization: "acme" }))
    assert.strictEqual(String(account), "user bob of organization acme at https://carto.example.org/user/bob")
  })

  it("knows when a key would travel in the open", () => {
    const exposed = (address: string) => Result.getOrThrow(Account.parse(address)).isExposed
    assert.isTrue(exposed("http://alice.carto.com"))
    assert.isFalse(exposed("https://alice.carto.com"))
    assert.isFalse(exposed("http://127.0.0.1:8080/user/alice"))
    assert.isFalse(exposed("http://alice.localhost:8080"))
  })
})
