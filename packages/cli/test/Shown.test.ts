import { assert, describe, it } from "@effect/vitest"
import * as Shown from "../src/Shown.ts"

describe("what is shown of a request", () => {
  it("hides what opens something, at any depth", () => {
    const body = {
      username: "bob",
      password: "p1",
      user: { new_password: "p2", confirm_password: "p3", password_confirmation: "p4" },
      auth: { method: "token", valid_tokens: ["t1", "t2"] },
      connector: { provider: "postgres", connection: { server: "db", password: "p5" } },
      list: [{ api_key: "k1" }, { access_token: "a1" }]
    }
    const shown = Shown.body(JSON.stringify(body))
    for (const secret of ["p1", "p2", "p3", "p4", "p5", "t1", "t2", "k1", "a1"]) assert.notInclude(shown, secret)
    assert.include(shown, '"username":"bob"')
    assert.include(shown, '"method":"token"')
    assert.include(shown, '"server":"db"')
  })

  it("leaves switches, nulls and all other texts as they were sent", () => {
    for (const text of [
      '{ "force_password_change": true, "password": null }',
      '{"n": 12345678901234567890, "q": "select 1"}',
      "select password from users",
      "{ no json"
    ]) {
      assert.strictEqual(Shown.body(text), text)
    }
  })

  it("knows parameters that open something", () => {
    for (const name of [
      "api_key",
      "map_key",
      "auth_token",
      "access_token",
      "X-Amz-Signature",
      "Signature",
      "password"
    ]) {
      assert.isTrue(Shown.isSecret(name), name)
    }
    for (const name of ["q", "format", "keywords", "type", "page", "client"]) assert.isFalse(Shown.isSecret(name), name)
  })
})
