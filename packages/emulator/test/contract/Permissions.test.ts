import { assert, it } from "@effect/vitest"
import { CartoError, Datasets, Permissions, Sql, Visualizations } from "@effect-carto/core"
import { Effect, Layer, Stream } from "effect"
import { Emulator } from "../../src/Emulator.ts"
import * as PgliteDatabase from "../../src/PgliteDatabase.ts"
import { ask, get } from "../account.ts"
import { connected } from "./layer.ts"

const reasonOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => {
    assert.instanceOf(error, CartoError)
    return error.reason
  })

const organization: Effect.Effect<string, Error, Emulator> = Effect.map(get("org/"), ({ id }) => id)

/** A member of the organization, as soon as the server has made it. */
const member = Effect.fnUntraced(function* (username: string, viewer: boolean) {
  const { grantables } = yield* Permissions
  const body = { username, email: `${username}@example.com`, password: "correct horse", viewer, quota_in_bytes: 1000 }
  assert.strictEqual((yield* ask("POST", "v2/organization/acme/users", { body })).status, 200)
  const search = Stream.runCollect(grantables(yield* organization, { search: username }))
  const [found] = yield* Effect.repeat(search, { until: (found) => found.length > 0 })
  return found ?? (yield* Effect.die(`${username} was not made`))
})

const dataset = Effect.fnUntraced(function* (name: string) {
  const sql = yield* Sql
  yield* sql.execute(sql.unsafe(`create table ${name} (name text)`))
  return yield* (yield* Datasets).cartodbfy(name)
})

const layer = connected().pipe(
  Layer.provideMerge(Emulator.layer({ organization: { name: "acme" } }).pipe(Layer.provide(PgliteDatabase.layer())))
)

it.layer(layer, { timeout: "2 minutes", excludeTestServices: true })("Permissions against the emulator", (it) => {
  it.effect("shares are added, changed and taken away one by one", () =>
    Effect.gen(function* () {
      const permissions = yield* Permissions
      const { id } = yield* dataset("shared")
      const bob = { type: "user" as const, id: (yield* member("bob", false)).id }
      const everybody = { type: "org" as const, id: yield* organization }
      const grants = ({ acl = [] }: { readonly acl?: ReadonlyArray<{ access: string; entity: { id: string } }> }) =>
        acl.map(({ access, entity }) => [entity.id, access])
      assert.deepStrictEqual(grants(yield* permissions.share("shared", bob, "r")), [[bob.id, "r"]])
      yield* permissions.share(id, everybody, "r")
      assert.deepStrictEqual(grants(yield* permissions.share(id, bob, "rw")), [
        [everybody.id, "r"],
        [bob.id, "rw"]
      ])
      assert.deepStrictEqual(grants(yield* permissions.revoke(id, everybody)), [[bob.id, "rw"]])
      assert.deepStrictEqual(grants(yield* permissions.get(id)), [[bob.id, "rw"]])
    })
  )

  it.effect("what the server drops or refuses is an error", () =>
    Effect.gen(function* () {
      const permissions = yield* Permissions
      const { id } = yield* dataset("refused")
      const vera = { type: "user" as const, id: (yield* member("vera", true)).id }
      const nobody = { type: "user" as const, id: "d2b5f1a0-0000-4000-8000-000000000000" }
      assert.strictEqual((yield* reasonOf(permissions.share(id, vera, "rw")))._tag, "ValidationError")
      assert.strictEqual((yield* reasonOf(permissions.share(id, nobody, "r")))._tag, "ValidationError")
      const map = yield* (yield* Visualizations).create({ tables: ["refused"], name: "Map" })
      const { permission } = map
      if (permission == null) return yield* Effect.die("a map without a permission")
      const writing = permissions.set(permission.id, [{ ...vera, access: "rw" }])
      assert.strictEqual((yield* reasonOf(writing))._tag, "ValidationError")
      assert.strictEqual((yield* permissions.share(map.id, vera, "r")).acl?.[0]?.entity.username, "vera")
    })
  )
})
