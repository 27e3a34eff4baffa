import { assert, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { TestClock } from "effect/testing"
import { Emulator } from "../src/Emulator.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { ask, get, makeDataset, makeMap, refusal } from "./account.ts"
import { json } from "./http.ts"

const layer = Emulator.layer({ organization: { name: "acme" } }).pipe(Layer.provide(PgliteDatabase.layer()))

/** A member of the organization, once it is there. */
const member = Effect.fnUntraced(function* (username: string, more: object = {}) {
  const body = { username, email: `${username}@example.com`, password: "correct horse", quota_in_bytes: 1000, ...more }
  assert.strictEqual((yield* ask("POST", "v2/organization/acme/users", { body })).status, 200)
  yield* TestClock.adjust("2 seconds")
  const { id } = yield* get("v1/org/")
  const { grantables } = yield* get(`v1/organization/${id}/grantables`, { query: { q: username } })
  return { organization: id, ...grantables[0] }
})

it.layer(layer, { timeout: "2 minutes" })("Permissions", (it) => {
  it.effect("a dataset is shared with users and the whole organization, and a list replaces the one before", () =>
    Effect.gen(function* () {
      const { id } = yield* makeDataset("shared")
      const bob = yield* member("bob")
      const { permission } = yield* get(`viz/${id}`, { query: { show_permission: "true" } })
      const put = (body: object) => ask("PUT", `perm/${permission.id}`, { body })
      yield* TestClock.adjust("1 minute")
      const acl = [
        { type: "user", entity: { id: bob.id, username: "bob" }, access: "rw" },
        { type: "org", entity: { id: bob.organization }, access: "r" }
      ]
      const shared = json(yield* put({ acl }))
      assert.deepStrictEqual(
        shared.acl.map(({ access, entity, type }: { access: string; entity: { id: string }; type: string }) => [
          type,
          entity.id,
          access
        ]),
        [
          ["user", bob.id, "rw"],
          ["org", bob.organization, "r"]
        ]
      )
      assert.strictEqual(shared.acl[0].entity.username, "bob")
      assert.notProperty(shared.acl[0].entity, "email")
      assert.deepStrictEqual(shared.owner.groups, [])
      assert.deepStrictEqual(shared.entity, { id, type: "vis" })
      assert.notStrictEqual(shared.updated_at, shared.created_at)
      assert.deepStrictEqual(
        (yield* get("viz", { query: { types: "table" } })).visualizations[0].permission.acl.length,
        2
      )

      // What the server shows has more members than it takes.
      assert.deepStrictEqual(refusal(yield* put({ acl: shared.acl })), [400, " "])
      assert.deepStrictEqual(json(yield* put({})).acl, [])
    })
  )

  it.effect("other formats are refused with nothing", () =>
    Effect.gen(function* () {
      const dataset = yield* makeDataset("refused")
      const { permission } = yield* get(`viz/${dataset.id}`, { query: { show_permission: "true" } })
      const entity = { id: permission.owner.id }
      for (const acl of [
        {},
        "x",
        [{ type: "user", entity }],
        [{ type: "team", entity, access: "r" }],
        [{ type: "user", entity, access: "w" }],
        [{ type: "user", entity: {}, access: "r" }],
        [{ type: "user", entity: { ...entity, email: "x" }, access: "r" }]
      ]) {
        assert.deepStrictEqual(refusal(yield* ask("PUT", `perm/${permission.id}`, { body: { acl } })), [400, " "])
      }
      assert.deepStrictEqual(refusal(yield* ask("PUT", `perm/${dataset.id}`, { body: {} })), [404, " "])
      assert.deepStrictEqual(refusal(yield* ask("PUT", "perm/x", { body: {} })), [404, " "])
      assert.deepStrictEqual(refusal(yield* ask("PUT", `perm/${permission.id}`, { body: {}, key: "x" })), [401, " "])
    })
  )

  it.effect("nobody else may write to a map, and a viewer to nothing", () =>
    Effect.gen(function* () {
      const { id } = yield* makeDataset("read_only")
      const map = yield* makeMap("read_only")
      const vera = yield* member("vera", { viewer: true })
      const { permission } = yield* get(`viz/${id}`, { query: { show_permission: "true" } })
      const share = (permission: string, access: string) =>
        ask("PUT", `perm/${permission}`, { body: { acl: [{ type: "user", entity: { id: vera.id }, access }] } })
      assert.deepStrictEqual(refusal(yield* share(map.permission.id, "rw")), [
        422,
        { status: "422", error: "Unprocessable Entity" }
      ])
      assert.strictEqual((yield* share(permission.id, "rw")).status, 422)
      assert.strictEqual(json(yield* share(map.permission.id, "r")).acl[0].access, "r")
      assert.strictEqual(json(yield* share(permission.id, "n")).acl[0].access, "n")
      yield* ask("DELETE", "v2/organization/acme/users/vera", { query: { force: "true" } })
      const vanished = yield* get(`viz/${map.id}`, { query: { show_permission: "true" } })
      assert.deepStrictEqual(vanished.permission.acl, [])
    })
  )

  it.effect("grantables are the other members, page by page", () =>
    Effect.gen(function* () {
      const { organization } = yield* member("zoe")
      yield* member("carl")
      const list = (query: Record<string, string>) => ask("GET", `organization/${organization}/grantables`, { query })
      const all = json(yield* list({}))
      assert.deepStrictEqual(
        all.grantables.map(({ name }: { name: string }) => name),
        ["bob", "carl", "zoe"]
      )
      assert.deepInclude(all.grantables[0], { type: "user", avatar_url: null })
      assert.deepInclude(all.grantables[0].model, { username: "bob", groups: [] })
      const second = json(yield* list({ page: "2", per_page: "2", order: "name" }))
      assert.deepStrictEqual([second.grantables[0].name, second.total_entries], ["zoe", 3])
      assert.strictEqual((yield* list({ order: "age" })).status, 400)
      assert.strictEqual((yield* list({ page: "0" })).status, 400)
      const other = yield* ask("GET", "organization/d2b5f1a0-0000-4000-8000-000000000000/grantables")
      assert.deepStrictEqual(refusal(other), [401, {}])
    })
  )
})
