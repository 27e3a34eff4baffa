import { assert, describe, it } from "@effect/vitest"
import { roleName } from "../../src/keys/keyRole.ts"

describe("roleName", () => {
  it("tells the user and the key", () => {
    assert.strictEqual(roleName("alice", "reader"), "alice_reader")
  })

  it.each([
    ["pg", "monitor"],
    ["carto", "owner"],
    ["carto", "user_0a1b"],
    ["alice", "x".repeat(60)],
    ["alice", "\0"]
  ])("is nobody else's role: %j, %j", (user, key) => {
    assert.match(roleName(user, key), /^carto_role_[0-9a-f]{32}$/)
  })
})
