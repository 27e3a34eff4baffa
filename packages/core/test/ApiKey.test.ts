import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted, Schema } from "effect"
import * as ApiKey from "../src/ApiKey.ts"
import { apiKey, masterKey } from "./fixtures/account.ts"
import { mutations } from "./mutations.ts"

const decode = Schema.decodeUnknownSync(ApiKey.ApiKey)

describe("ApiKey", () => {
  it("decodes the reference's example", () => {
    const key = decode(apiKey)
    assert.deepStrictEqual([key.name, key.type, key.user?.username], ["viewer-app", "regular", "alice"])
    assert.strictEqual(Redacted.value(key.token), apiKey.token)
    assert.strictEqual(key.created_at?.epochMilliseconds, Date.UTC(2019, 3, 2, 9, 40))
    assert.deepStrictEqual(ApiKey.abilities(key), {
      everything: false,
      apis: ["sql", "maps"],
      tables: [{ schema: "public", name: "stations", owner: false, permissions: ["select"] }],
      schemas: [{ name: "public", permissions: ["create"] }],
      tableMetadata: false,
      dataservices: ["geocoding"],
      datasets: []
    })
  })

  it("shows its token to nobody, and does not let it be encoded", () => {
    const key = decode(apiKey)
    assert.notInclude(`${JSON.stringify(key)}${inspect(key, { depth: 9 })}${String(key.token)}`, apiKey.token)
    const encoded = Schema.encodeUnknownExit(ApiKey.ApiKey)(key)
    assert.strictEqual(encoded._tag, "Failure")
    assert.notInclude(`${JSON.stringify(encoded)}${inspect(encoded, { depth: 9 })}`, apiKey.token)
  })

  it("knows the master key, keys of old without a database section, and words that a database adds", () => {
    assert.isTrue(ApiKey.abilities(decode(masterKey)).everything)
    assert.isTrue(ApiKey.abilities(decode(masterKey)).tableMetadata)
    assert.deepStrictEqual(ApiKey.abilities(decode({ ...apiKey, grants: [] })).tables, [])
    const permissions = ["references", "select", "trigger", "truncate"]
    const tables = [{ schema: "alice", name: "mine", owner: true, permissions }]
    const owner = decode({
      ...apiKey,
      grants: [
        { type: "database", tables, schemas: null },
        { type: "data-observatory", datasets: ["a.b.c"] },
        { type: "user", data: ["profile"] },
        { type: "teleport", places: 3 }
      ]
    })
    assert.deepStrictEqual(ApiKey.abilities(owner).tables, tables)
    assert.deepStrictEqual(ApiKey.abilities(owner).datasets, ["a.b.c"])
    assert.deepStrictEqual(owner.grants.at(-1), { type: "teleport" })
  })

  it.effect.prop(
    "decodes whatever else a server tells, or leaves out",
    [mutations(apiKey, ["user", "created_at", "updated_at"], ["type", "name"])],
    ([value]) =>
      Effect.gen(function* () {
        const key = yield* Schema.decodeUnknownEffect(ApiKey.ApiKey)(value)
        assert.strictEqual(ApiKey.abilities(key).everything, key.type === "master")
      })
  )
})
