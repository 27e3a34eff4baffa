import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ApiKey, ApiKeyGrants, ApiKeys, Carto, CartoError, Sql, Users } from "@effect-carto/core"
import { Effect, Layer, Option, Redacted, Stream } from "effect"
import { Emulator } from "../../src/Emulator.ts"
import * as PgliteDatabase from "../../src/PgliteDatabase.ts"
import { connected } from "./layer.ts"

const reasonOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => {
    assert.instanceOf(error, CartoError)
    return error.reason
  })

/** Does something with another key than the layer's. */
const withKey = <A, E>(apiKey: Redacted.Redacted | undefined, effect: Effect.Effect<A, E, Carto.CartoServices>) =>
  Effect.flatMap(Emulator, ({ url }) =>
    Effect.provide(effect, Carto.layer({ url, apiKey, retries: 0 }).pipe(Layer.provide(NodeHttpClient.layerUndici)))
  )

const select = (text: string) => Effect.flatMap(Sql, (sql) => sql.query()(sql.unsafe(text)))

const emulator = (options?: Parameters<typeof Emulator.layer>[0]) =>
  connected().pipe(Layer.provideMerge(Emulator.layer(options)), Layer.provide(PgliteDatabase.layer()))

describe("ApiKeys against the emulator", () => {
  it.layer(emulator(), { timeout: "2 minutes", excludeTestServices: true })("of a user alone", (it) => {
    it.effect("a key may do what it was granted, and nothing else", () =>
      Effect.gen(function* () {
        const keys = yield* ApiKeys
        const sql = yield* Sql
        yield* sql.execute(
          sql.unsafe(`create table stations (name text); create table secrets (name text);
            insert into stations values ('Atocha'); create table "Odd, ""table"".€" (a int)`)
        )
        const key = yield* keys.create("viewer-app", [
          ApiKeyGrants.reads("stations"),
          ApiKeyGrants.table({ name: 'Odd, "table".€' }, "select", "insert"),
          ApiKeyGrants.creates(),
          ApiKeyGrants.dataservices("geocoding"),
          ApiKeyGrants.dataObservatory,
          ApiKeyGrants.tableMetadata,
          ApiKeyGrants.profile,
          ApiKeyGrants.datasets("carto-do.local.small_states")
        ])
        assert.deepStrictEqual([key.type, key.name, key.user?.username], ["regular", "viewer-app", "alice"])
        assert.deepStrictEqual(ApiKey.abilities(key), {
          everything: false,
          apis: ["sql", "maps", "do"],
          tables: [
            { schema: "public", name: 'Odd, "table".€', owner: false, permissions: ["insert", "select"] },
            { schema: "public", name: "stations", owner: false, permissions: ["select"] }
          ],
          schemas: [{ name: "public", permissions: ["create"] }],
          tableMetadata: true,
          dataservices: ["geocoding"],
          datasets: ["carto-do.local.small_states"]
        })
        assert.deepStrictEqual(yield* keys.get("viewer-app"), key)

        const read = yield* withKey(key.token, select("select name from stations"))
        assert.strictEqual(read.rows.length, 1)
        const refused = yield* reasonOf(withKey(key.token, select("select name from secrets")))
        assert.strictEqual(refused._tag, "AuthError")
        const profile = yield* withKey(
          key.token,
          Effect.flatMap(Users, ({ me }) => me)
        )
        assert.isDefined(profile.groups)
        yield* keys.delete("viewer-app")
        assert.strictEqual((yield* reasonOf(keys.get("viewer-app")))._tag, "NotFoundError")
        assert.strictEqual((yield* reasonOf(withKey(key.token, select("select 1"))))._tag, "AuthError")
      })
    )

    it.effect("a key without any grant is made, and is good for nothing", () =>
      Effect.gen(function* () {
        const keys = yield* ApiKeys
        const key = yield* keys.create("nothing", [])
        assert.deepStrictEqual(ApiKey.abilities(key).apis, [])
        yield* keys.delete("nothing")
      })
    )

    it.effect("names may hold any character but a slash", () =>
      Effect.gen(function* () {
        const keys = yield* ApiKeys
        for (const name of ["a b", "ä €", "100%", "x?y#z", "a+b&c", "é".repeat(60), "dot.json", '"'] as const) {
          const made = yield* keys.create(name, [ApiKeyGrants.sql])
          assert.strictEqual(made.name, name)
          assert.strictEqual((yield* keys.get(name)).name, name)
          const again = yield* keys.regenerate(name)
          assert.notDeepEqual(Redacted.value(again.token), Redacted.value(made.token))
          yield* keys.delete(name)
        }
      })
    )

    it.effect("what is wrong is told in the server's words, with what to do", () =>
      Effect.gen(function* () {
        const keys = yield* ApiKeys
        const wrong = (name: string, ...grants: ReadonlyArray<ApiKeyGrants.ApiKeyGrant>) =>
          Effect.map(reasonOf(keys.create(name, grants)), (reason) => {
            assert.deepStrictEqual([reason._tag, reason.status], ["ValidationError", 422])
            return [reason.message, reason.advice] as const
          })
        const [missing, lookAt] = yield* wrong("a", ApiKeyGrants.table("nowhere", "select"))
        assert.strictEqual(missing, "Validation failed: Grants can only grant table permissions you have")
        assert.include(lookAt, "schema")
        assert.include((yield* wrong("a", ApiKeyGrants.creates("pg_catalog")))[0], "schema permissions you have")
        assert.include((yield* wrong(" "))[0], "Name can't be blank")
        assert.include((yield* wrong("Master"))[1], "choose another name")
        yield* keys.create("twice", [])
        assert.include((yield* wrong("twice"))[1], "delete that key")
        yield* keys.delete("twice")
        const own = yield* reasonOf(keys.delete("Master"))
        assert.deepStrictEqual([own._tag, own.status], ["AuthError", 403])
        assert.strictEqual((yield* reasonOf(keys.delete("twice")))._tag, "NotFoundError")
      })
    )

    it.effect("only the master key changes keys; others see themselves", () =>
      Effect.gen(function* () {
        const keys = yield* ApiKeys
        const viewer = yield* keys.create("viewer", [ApiKeyGrants.sql])
        const seen = yield* withKey(
          viewer.token,
          Effect.gen(function* () {
            const keys = yield* ApiKeys
            const refused = yield* reasonOf(keys.create("other", []))
            assert.deepStrictEqual([refused._tag, refused.status], ["AuthError", 401])
            assert.include(refused.advice, "master key")
            assert.strictEqual((yield* reasonOf(keys.get("Master")))._tag, "NotFoundError")
            return yield* Stream.runCollect(keys.list())
          })
        )
        assert.deepStrictEqual(
          seen.map(({ name }) => name),
          ["viewer"]
        )
        yield* keys.delete("viewer")
      })
    )

    it.effect("all keys are listed, more than a page of them", () =>
      Effect.gen(function* () {
        const keys = yield* ApiKeys
        const names = Array.from({ length: 103 }, (_, i) => `key ${String(i).padStart(3, "0")}`)
        yield* Effect.forEach(names, (name) => keys.create(name, []), { discard: true })
        const all = yield* Stream.runCollect(keys.list({ orderBy: "name" }))
        assert.deepStrictEqual(
          all.map(({ name }) => name),
          ["Master", "Default public", ...names]
        )
        const two = yield* Stream.runCollect(keys.list({ types: ["default", "master"] }))
        assert.deepStrictEqual(
          two.map(({ type }) => type),
          ["master", "default"]
        )
        yield* Effect.forEach(names, (name) => keys.delete(name), { discard: true })
        assert.lengthOf(yield* Stream.runCollect(keys.list({ types: ["regular"] })), 0)
      })
    )

    it.effect("check tells of any key whether it is good, and for what", () =>
      Effect.gen(function* () {
        const keys = yield* ApiKeys
        const own = yield* keys.check()
        assert.isTrue(own._tag === "Good" && own.type === "master" && own.abilities?.everything)
        const regular = yield* keys.create("checked", [ApiKeyGrants.reads("stations")])
        const good = yield* keys.check(regular.token)
        assert.isTrue(good._tag === "Good" && good.type === "regular" && good.name === "checked")
        assert.deepStrictEqual(good._tag === "Good" && good.abilities, ApiKey.abilities(regular))
        const open = yield* keys.check(Redacted.make("default_public"))
        assert.isTrue(open._tag === "Good" && open.type === "default" && !open.abilities?.everything)
        assert.strictEqual((yield* keys.check(Redacted.make("wrong")))._tag, "Refused")
        const anonymous = yield* withKey(
          undefined,
          Effect.flatMap(ApiKeys, (keys) => keys.check())
        )
        assert.isTrue(anonymous._tag === "Good" && anonymous.type === "default")
        yield* keys.delete("checked")
        assert.strictEqual((yield* keys.check(regular.token))._tag, "Refused")
      })
    )

    it.effect("without the API for keys check still knows the master key; a locked account nobody can tell of", () =>
      Effect.gen(function* () {
        const keys = yield* ApiKeys
        const { plan, setState } = yield* Emulator
        yield* plan.set({ engine: false })
        const own = yield* keys.check()
        assert.isTrue(own._tag === "Good" && own.type === "master" && own.abilities?.everything)
        const open = yield* keys.check(Redacted.make("default_public"))
        assert.isTrue(open._tag === "Good" && open.type === undefined && open.abilities === undefined)
        const none = yield* reasonOf(keys.get("Master"))
        assert.deepStrictEqual(
          [none._tag, none.message.startsWith("the server has no API keys")],
          ["NotFoundError", true]
        )
        yield* plan.set({ engine: true })
        yield* setState("locked")
        const locked = yield* reasonOf(keys.check())
        assert.deepStrictEqual([locked._tag, locked.message], ["AuthError", "lockout"])
        yield* setState("active")
      })
    )

    it.effect("the plan's limit of keys is a QuotaError", () =>
      Effect.gen(function* () {
        const keys = yield* ApiKeys
        const { plan } = yield* Emulator
        yield* plan.set({ apiKeyQuota: 0 })
        assert.strictEqual((yield* reasonOf(keys.create("one too many", [])))._tag, "QuotaError")
        yield* plan.set({ apiKeyQuota: undefined })
      })
    )

    it.effect("a client that regenerates its own key goes on with the new one", () =>
      Effect.gen(function* () {
        const keys = yield* ApiKeys
        const { masterKey: before } = yield* Emulator
        const after = yield* keys.regenerate("Master")
        assert.notStrictEqual(Redacted.value(after.token), Redacted.value(before))
        assert.strictEqual((yield* select("select 1 as one")).rows.length, 1)
        assert.strictEqual((yield* keys.check(before))._tag, "Refused")
        assert.strictEqual((yield* keys.check())._tag, "Good")
        const again = yield* keys.regenerate("Master")
        assert.isTrue(Option.isSome(yield* Stream.runHead(keys.list())))
        assert.notStrictEqual(Redacted.value(again.token), Redacted.value(after.token))
      })
    )
  })

  it.layer(emulator({ organization: { name: "acme" } }), { timeout: "2 minutes", excludeTestServices: true })(
    "of a member of an organization",
    (it) => {
      it.effect("tables named without a schema are the user's own; others' keys the owner reaches", () =>
        Effect.gen(function* () {
          const keys = yield* ApiKeys
          const sql = yield* Sql
          yield* sql.execute(sql.unsafe("create table stations (name text)"))
          const [where] = (yield* select("select schemaname from pg_tables where tablename = 'stations'")).rows
          const key = yield* keys.create("app", [ApiKeyGrants.reads("stations"), ApiKeyGrants.creates()])
          const { schemas, tables } = ApiKey.abilities(key)
          assert.deepStrictEqual([tables[0]?.schema, schemas[0]?.name], [where?.schemaname, where?.schemaname])
          const nobody = yield* reasonOf(keys.get("app", { user: "nobody" }))
          assert.strictEqual(nobody._tag, "NotFoundError")
          assert.strictEqual(nobody.message, "User 'nobody' not found in the organization 'acme'")
        })
      )
    }
  )
})
