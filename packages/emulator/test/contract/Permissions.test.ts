import { assert, it } from "@effect/vitest"
import { CartoError, Datasets, Permissions, Sql, Visualizations } from "@effect-carto/core"
import { Effect, Layer, Redacted, Stream } from "effect"
import { Emulator } from "../../src/Emulator.ts"
import * as PgliteDatabase from "../../src/PgliteDatabase.ts"
import { basic, json, send } from "../http.ts"
import { connected } from "./layer.ts"

const layer = connected().pipe(
  Layer.provideMerge(Emulator.layer({ organization: { name: "acme" } }).pipe(Layer.provide(PgliteDatabase.layer())))
)

const reasonOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => {
    assert.instanceOf(error, CartoError)
    return error.reason
  })

/** Members of the organization, which the server makes in the background. */
const grantees = Effect.gen(function* () {
  const permissions = yield* Permissions
  const { masterKey, url, user } = yield* Emulator
  const headers = { ...basic(user, Redacted.value(masterKey)), "content-type": "application/json" }
  const organization: { readonly id: string } = json(yield* send(`${url}/api/v1/org`, { headers }))
  for (const [username, viewer] of [
    ["bob", false],
    ["vera", true]
  ] as const) {
    const body = JSON.stringify({ username, email: `${username}@example.com`, password: "long enough 1", viewer })
    yield* send(`${url}/api/v2/organization/acme/users`, { method: "POST", headers, body })
  }
  const people = yield* Effect.repeat(Stream.runCollect(permissions.grantables(organization.id)), {
    until: (found) => found.some(({ name }) => name === "vera")
  })
  const grantee = (name: string) => ({ type: "user", id: people.find((one) => one.name === name)?.id ?? "" }) as const
  return { bob: grantee("bob"), vera: grantee("vera"), acme: { type: "org", id: organization.id } as const }
})

it.layer(layer, { timeout: "120 seconds", excludeTestServices: true })("Permissions against the emulator", (it) => {
  it.effect("shares with users and the organization, changes and revokes", () =>
    Effect.gen(function* () {
      const permissions = yield* Permissions
      const datasets = yield* Datasets
      const maps = yield* Visualizations
      const sql = yield* Sql
      const { acme, bob, vera } = yield* grantees
      yield* sql.execute`create table shared (name text)`
      yield* datasets.cartodbfy("shared")
      const accesses = Effect.map(permissions.get("shared"), ({ acl }) =>
        acl?.map(({ access, entity, type }) => [type, entity.username ?? entity.name, access])
      )

      assert.deepStrictEqual(yield* accesses, [])
      yield* permissions.share("shared", bob, "r")
      yield* permissions.share("shared", acme, "r")
      yield* permissions.share("shared", bob, "rw")
      assert.sameDeepMembers(
        [...((yield* accesses) ?? [])],
        [
          ["org", "acme", "r"],
          ["user", "bob", "rw"]
        ]
      )
      yield* permissions.revoke("shared", acme)
      assert.deepStrictEqual(yield* accesses, [["user", "bob", "rw"]])

      const viewer = yield* reasonOf(permissions.share("shared", vera, "rw"))
      assert.strictEqual(viewer._tag, "ValidationError")
      assert.include(viewer.advice, "viewers")
      const nobody = { type: "user", id: "8f1d2c3b-0000-4000-8000-000000000009" } as const
      assert.include(
        ["ValidationError", "NotFoundError"],
        (yield* reasonOf(permissions.share("shared", nobody, "r")))._tag
      )
      assert.deepStrictEqual(yield* accesses, [["user", "bob", "rw"]])

      const map = yield* maps.create({ tables: ["shared"], name: "Shared" })
      assert.strictEqual((yield* reasonOf(permissions.share(map.id, bob, "rw")))._tag, "ValidationError")
      const { acl, id } = yield* permissions.share(map.id, bob, "r")
      assert.lengthOf(acl ?? [], 1)
      assert.deepStrictEqual((yield* permissions.set(id, [])).acl, [])
    })
  )
})
