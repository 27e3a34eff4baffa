import { NodeHttpClient } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { ApiKeyGrants, ApiKeys, Carto, CartoError, Sql, Users } from "@effect-carto/core"
import { Effect, Layer, Redacted, Stream } from "effect"
import { Emulator } from "../../src/Emulator.ts"
import * as PgliteDatabase from "../../src/PgliteDatabase.ts"
import { connected } from "./layer.ts"

const reasonOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => {
    assert.instanceOf(error, CartoError)
    return error.reason
  })

const withKey = <A, E>(apiKey: Redacted.Redacted | undefined, effect: Effect.Effect<A, E, Carto.CartoServices>) =>
  Effect.flatMap(Emulator, ({ url }) =>
    Effect.provide(effect, Carto.layer({ url, apiKey, retries: 0 }).pipe(Layer.provide(NodeHttpClient.layerUndici)))
  )

const users = <A, E>(use: (users: Users["Service"]) => Effect.Effect<A, E>) => Effect.flatMap(Users, use)

const emulator = (options?: Parameters<typeof Emulator.layer>[0]) =>
  connected().pipe(Layer.provideMerge(Emulator.layer(options)), Layer.provide(PgliteDatabase.layer()))

const password = Redacted.make("correct horse")
const carol = { username: "carol", email: "carol@example.test", password }

describe("Users against the emulator", () => {
  it.layer(emulator(), { timeout: "2 minutes", excludeTestServices: true })("of a user alone", (it) => {
    it.effect("me is for every key, the account for the master key", () =>
      Effect.gen(function* () {
        const { masterKey, url } = yield* Emulator
        const service = yield* Users
        const me = yield* service.me
        assert.deepStrictEqual([me.username, me.organization, me.api_endpoints?.sql], ["alice", null, url])
        const account = yield* service.account
        assert.strictEqual(account.username, "alice")
        assert.strictEqual(account.api_key && Redacted.value(account.api_key), Redacted.value(masterKey))
        assert.notInclude(JSON.stringify(account), Redacted.value(masterKey))
        assert.strictEqual(account.limits?.concurrent_imports, 3)
        assert.isTrue(account.actions?.engine_enabled)
        assert.isTrue((yield* service.dashboard).user_data?.username === "alice")
        assert.isUndefined(yield* service.organization)

        const open = yield* withKey(
          Redacted.make("default_public"),
          users(({ me }) => me)
        )
        assert.deepStrictEqual([open.username, open.region], ["alice", undefined])
        const { token } = yield* Effect.flatMap(ApiKeys, (keys) => keys.create("viewer", [ApiKeyGrants.sql]))
        const refused = yield* reasonOf(
          withKey(
            token,
            users(({ account }) => account)
          )
        )
        assert.deepStrictEqual([refused._tag, refused.status], ["AuthError", 401])
        assert.include(refused.advice, "master key")
        const wrong = yield* reasonOf(
          withKey(
            Redacted.make("wrong"),
            users(({ me }) => me)
          )
        )
        assert.deepStrictEqual([wrong._tag, wrong.status], ["AuthError", 401])
        const unknown = yield* reasonOf(
          withKey(
            Redacted.make("wrong"),
            users(({ dashboard }) => dashboard)
          )
        )
        assert.deepStrictEqual([unknown._tag, unknown.status], ["AuthError", 200])
        const stranger = yield* withKey(
          Redacted.make("default_public"),
          users(({ dashboard }) => dashboard)
        )
        assert.isUndefined(stranger.user_data)
        assert.isString(stranger.config?.sql_api_template)
      })
    )

    it.effect("quotas come from the database", () =>
      Effect.gen(function* () {
        const sql = yield* Sql
        const service = yield* Users
        yield* sql.execute(
          sql.unsafe(
            "create table places as select i from generate_series(1, 1000) i; select cdb_cartodbfytable('places')"
          )
        )
        const { quota, used } = yield* service.storage
        assert.isTrue(used > 0 && quota > used)
        const services = yield* service.dataservicesQuota
        assert.deepStrictEqual(services.map(({ service }) => service).toSorted(), [
          "hires_geocoder",
          "isolines",
          "observatory",
          "routing"
        ])
        assert.deepStrictEqual(
          [services[0]?.monthly_quota, services[0]?.soft_limit, services[0]?.max_batch_size],
          [0, false, 1]
        )
        assert.isFalse(yield* service.enoughQuota("hires_geocoder", 100))
        assert.isFalse(yield* service.enoughQuota("o'brien", 1))
        const open = yield* reasonOf(
          withKey(
            undefined,
            users(({ dataservicesQuota }) => dataservicesQuota)
          )
        )
        assert.include(open.message, "The api_key must be provided")
      })
    )

    it.effect("who is in no organization has nobody to manage", () =>
      Effect.gen(function* () {
        const service = yield* Users
        const reason = yield* reasonOf(service.get("carol"))
        assert.strictEqual(reason._tag, "ValidationError")
        assert.include(reason.message, "no organization")
        const stranger = yield* reasonOf(service.get("carol", { organization: "acme" }))
        assert.deepStrictEqual([stranger._tag, stranger.status], ["AuthError", 401])
        assert.include(stranger.advice, "administrator")
      })
    )
  })

  it.layer(emulator({ organization: { name: "acme" } }), { timeout: "2 minutes", excludeTestServices: true })(
    "of an organization",
    (it) => {
      it.effect("a member is made, waited for, changed and deleted", () =>
        Effect.gen(function* () {
          const service = yield* Users
          const organization = yield* service.organization
          assert.strictEqual(organization?.name, "acme")
          const made = yield* service.create({ ...carol, quota_in_bytes: 1_000_000, soft_geocoding_limit: true })
          assert.deepStrictEqual(
            [made.username, made.email, made.quota_in_bytes, made.soft_geocoding_limit, made.viewer],
            ["carol", "carol@example.test", 1_000_000, true, false]
          )
          assert.isTrue(Redacted.isRedacted(made.api_key))
          const changed = yield* service.update("carol", { quota_in_bytes: 2_000_000, soft_geocoding_limit: false })
          assert.deepStrictEqual(
            [changed.quota_in_bytes, changed.soft_geocoding_limit, changed.email],
            [2_000_000, false, "carol@example.test"]
          )
          const read = yield* service.get("carol", { organization: organization?.id })
          assert.strictEqual(read.quota_in_bytes, 2_000_000)
          const viewer = yield* service.update("carol", { viewer: true })
          assert.deepStrictEqual([viewer.viewer, viewer.role_display], [true, "viewer"])
          assert.deepStrictEqual((yield* service.listManaged()).map(({ username }) => username).toSorted(), [
            "alice",
            "carol"
          ])
          yield* service.delete("carol")
          const gone = yield* reasonOf(service.get("carol"))
          assert.deepStrictEqual(
            [gone._tag, gone.message],
            ["NotFoundError", "No user with username 'carol' in 'acme'"]
          )
          assert.strictEqual((yield* reasonOf(service.delete("carol")))._tag, "NotFoundError")
        })
      )

      it.effect("what is wrong with a user is told in the server's words", () =>
        Effect.gen(function* () {
          const service = yield* Users
          const refused = yield* reasonOf(service.create({ ...carol, username: "alice", email: "nobody" }))
          assert.deepStrictEqual([refused._tag, refused.status], ["ValidationError", 410])
          assert.include(refused.message, "username is already taken")
          assert.include(refused.message, "email is not a valid address")
          const weak = yield* reasonOf(service.create({ ...carol, password: Redacted.make("qwerty") }))
          assert.include(weak.message, "common password")
          const large = yield* reasonOf(service.create({ ...carol, quota_in_bytes: 1e15 - 1 }))
          assert.include(large.advice, "bytes")
          yield* service.create(carol)
          const nothing = yield* reasonOf(service.update("carol", {}))
          assert.deepStrictEqual([nothing._tag, nothing.message], ["ValidationError", "No update params provided"])
          const odd = yield* reasonOf(service.get("../me?x#y"))
          assert.strictEqual(odd._tag, "NotFoundError")
          const owner = yield* reasonOf(service.delete("alice"))
          assert.deepStrictEqual([owner._tag, owner.message], ["AuthError", "Can't delete org owner"])
          yield* service.delete("carol", { force: true })
        })
      )

      it.effect("members are listed page by page, and found", () =>
        Effect.gen(function* () {
          const service = yield* Users
          const names = Array.from({ length: 3 }, (_, i) => `member-${i}`)
          yield* Effect.forEach(names, (username) =>
            service.create({ username, email: `${username}@example.test`, password })
          )
          const all = yield* Stream.runCollect(service.list())
          assert.deepStrictEqual(
            all.map(({ username }) => username),
            ["alice", ...names]
          )
          const found = yield* Stream.runCollect(service.list({ search: "member-1", orderBy: "updated_at" }))
          assert.deepStrictEqual(
            found.map(({ username }) => username),
            ["member-1"]
          )
          const me = yield* service.me
          assert.deepStrictEqual([me.organization?.name, me.organization?.owner?.username], ["acme", "alice"])
          assert.strictEqual((yield* service.account).organization?.name, "acme")
        })
      )
    }
  )
})
