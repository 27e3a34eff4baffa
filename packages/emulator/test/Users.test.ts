import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Emulator, localPassword } from "../src/Emulator.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { askUntil } from "./asking.ts"
import { basic, json, send } from "./http.ts"

const ask = Effect.fnUntraced(function* (method: string, path: string, body?: unknown, key?: string) {
  const { masterKey, url, user } = yield* Emulator
  const text = body === undefined ? undefined : JSON.stringify(body)
  return yield* send(`${url}/api/${path}`, {
    method,
    headers: { ...basic(user, key ?? Redacted.value(masterKey)), "content-type": "application/json" },
    ...(text === undefined ? {} : { body: text })
  })
})

const sql = Effect.fnUntraced(function* (q: string, key?: string) {
  return yield* ask("POST", "v2/sql", { q }, key)
})

describe("Users", () => {
  it.layer(Emulator.layerTest, { timeout: "2 minutes", excludeTestServices: true })("who leaves", (it) => {
    it.effect("is gone with tables and keys, at every address", () =>
      Effect.gen(function* () {
        yield* sql("CREATE TABLE a (b int); SELECT CDB_CartodbfyTable('a'); CREATE VIEW c AS SELECT * FROM a")
        const grants = [
          { type: "apis", apis: ["sql"] },
          { type: "database", schemas: [{ name: "public", permissions: ["create"] }] }
        ]
        const { token } = json(yield* ask("POST", "v3/api_keys", { name: "maker", grants }))
        yield* sql("CREATE TABLE by_key (d int)", token)
        const password = Redacted.value(localPassword)
        const remove = (given: string) => ask("DELETE", `v3/me?deletion_password_confirmation=${given}`)
        assert.isTrue(json(yield* ask("GET", "v3/me")).can_be_deleted)
        assert.deepStrictEqual(json(yield* remove("wrong")), {
          message: "Error deleting user: Password does not match"
        })
        assert.strictEqual((yield* sql("SELECT * FROM c")).status, 200)
        assert.strictEqual((yield* remove(password)).status, 200)
        for (const path of ["v1/viz", "v4/me", "v3/me", "v1/users/alice"]) {
          assert.strictEqual((yield* ask("GET", path)).status, 404)
        }
        const gone = yield* sql("SELECT 1")
        assert.deepStrictEqual(
          [gone.status, json(gone).error[0]],
          [404, "Sorry, we can't find CARTO user 'alice'. Please check that you have entered the correct domain."]
        )
      })
    )
  })

  it.layer(Emulator.layerTest, { timeout: "2 minutes", excludeTestServices: true })(
    "of an individual account",
    (it) => {
      it.effect("users/{anything} is the caller, with quotas and sizes of the database", () =>
        Effect.gen(function* () {
          const { masterKey, plan, url } = yield* Emulator
          yield* sql("CREATE TABLE places (name text); SELECT CDB_CartodbfyTable('places')")
          yield* plan.set({ tableQuota: 5, apiKeyQuota: 3 })
          const answer = yield* ask("GET", "v1/users/somebody")
          const user = json(answer)
          assert.strictEqual(answer.status, 200)
          assert.deepStrictEqual(
            [user.username, user.base_url, user.api_key, user.table_count, user.remaining_table_quota],
            ["alice", url, Redacted.value(masterKey), 1, 4]
          )
          assert.deepStrictEqual([user.regular_api_key_quota, user.public_map_quota], [3, null])
          assert.strictEqual(user.quota_in_bytes, 21_474_836_480)
          assert.isAbove(user.db_size_in_bytes, 0)
          assert.strictEqual(user.remaining_byte_quota, user.quota_in_bytes - user.db_size_in_bytes)
          assert.deepStrictEqual(user.geocoding, { quota: 0, block_price: null, monthly_use: 0, hard_limit: true })
          assert.isFalse("organization" in user)
          yield* plan.set({ tableQuota: undefined, apiKeyQuota: undefined })
        })
      )

      it.effect("imports are counted, with what they may be", () =>
        Effect.gen(function* () {
          const { imports } = yield* Emulator
          yield* imports.setSlots(2)
          const { item_queue_id } = json(yield* ask("POST", "v1/imports", {}))
          yield* askUntil(ask("GET", `v1/imports/${item_queue_id}`), (answer) => json(answer).state === "failure")
          const user = json(yield* ask("GET", "v1/users/alice"))
          assert.deepStrictEqual(
            [user.import_count, user.success_import_count, user.failed_import_count, user.limits.concurrent_imports],
            [1, 0, 1, 2]
          )
        })
      )

      it.effect("users are told to the master only", () =>
        Effect.gen(function* () {
          for (const key of ["wrong", "default_public"]) {
            const answer = yield* ask("GET", "v1/users/alice", undefined, key)
            assert.deepStrictEqual([answer.status, answer.text], [401, " "])
          }
        })
      )

      it.effect("v3/me is silently anonymous for every key but the master's", () =>
        Effect.gen(function* () {
          const { origin } = yield* Emulator
          for (const key of ["wrong", "default_public"]) {
            const answer = yield* ask("GET", "v3/me", undefined, key)
            assert.deepStrictEqual(
              [answer.status, Object.keys(json(answer))],
              [200, ["user_frontend_version", "config"]]
            )
          }
          const { config, user_data } = json(yield* ask("GET", "v3/me"))
          assert.strictEqual(user_data.username, "alice")
          assert.strictEqual(config.sql_api_template, `${origin}/user/{user}`)
        })
      )

      it.effect("v4/me wants a known key, and tells the profile where that is granted", () =>
        Effect.gen(function* () {
          const { addKey, url } = yield* Emulator
          assert.strictEqual((yield* ask("GET", "v4/me", undefined, "wrong")).status, 401)
          const open = json(yield* ask("GET", "v4/me", undefined, "default_public"))
          assert.deepStrictEqual(open, {
            username: "alice",
            organization: null,
            api_endpoints: { sql: url, maps: url, import: url, auth: url, builder: url }
          })
          yield* addKey({ name: "profile", profile: true })
          const more = json(yield* ask("GET", "v4/me", undefined, "local-profile-key"))
          assert.deepStrictEqual([more.region, more.groups, more.first_name], [null, [], null])
        })
      )

      it.effect("an account that is not active is refused by its state, but tells itself", () =>
        Effect.gen(function* () {
          const { setState } = yield* Emulator
          const told = (path: string) => Effect.map(ask("GET", path), ({ status, text }) => [status, text])
          const cases = [
            ["locked", [404, " "], [403, '{"error":"lockout"}']],
            ["maintenance", [404, " "], [403, '{"error":"maintenance_mode"}']],
            ["unverified", [403, '{"error":"unverified"}'], [403, '{"error":"unverified"}']],
            ["inactive", [403, " "], [403, " "]]
          ] as const
          for (const [state, older, open] of cases) {
            yield* setState(state)
            assert.deepStrictEqual(yield* told("v1/users/alice"), [...older])
            assert.deepStrictEqual(yield* told("v4/me"), [...open])
            assert.strictEqual((yield* ask("GET", "v3/me")).status, 200)
          }
          yield* setState("active")
          assert.strictEqual((yield* ask("GET", "v4/me")).status, 200)
        })
      )

      it.effect("version 4 is open to pages of any origin", () =>
        Effect.gen(function* () {
          const { url } = yield* Emulator
          const preflight = yield* send(`${url}/api/v4/me`, { method: "OPTIONS" })
          const answer = yield* send(`${url}/api/v4/me`)
          assert.deepStrictEqual([preflight.status, preflight.text, answer.status], [200, "", 401])
          for (const { headers } of [preflight, answer]) {
            assert.strictEqual(headers["access-control-allow-origin"], "*")
            assert.strictEqual(headers["access-control-allow-headers"], "Authorization, Content-Type")
          }
          assert.isUndefined((yield* send(`${url}/api/v3/me`)).headers["access-control-allow-origin"])
        })
      )

      it.effect("links have the form of the address that was asked", () =>
        Effect.gen(function* () {
          const { masterKey, origin } = yield* Emulator
          const headers = { ...basic("alice", Redacted.value(masterKey)), host: "alice.example.com:8080" }
          const { api_endpoints } = json(yield* send(`${origin}/api/v4/me`, { headers }))
          assert.strictEqual(api_endpoints.sql, "http://alice.example.com:8080")
          const { config } = json(yield* send(`${origin}/api/v3/me`, { headers }))
          assert.strictEqual(config.maps_api_template, "http://{user}.example.com:8080")
        })
      )

      it.effect("the quotas of data services are told by SQL to whoever has a key", () =>
        Effect.gen(function* () {
          const info = "SELECT service, monthly_quota FROM cdb_dataservices_client.cdb_service_quota_info() ORDER BY 1"
          assert.deepStrictEqual(
            json(yield* sql(info)).rows.map(({ service }: { service: string }) => service),
            ["hires_geocoder", "isolines", "observatory", "routing"]
          )
          const enough = yield* sql("SELECT cdb_dataservices_client.cdb_enough_quota('hires_geocoder', 100) AS enough")
          assert.deepStrictEqual(json(enough).rows, [{ enough: false }])
          assert.deepStrictEqual(json(yield* sql(info, "default_public")).error, ["The api_key must be provided"])
        })
      )

      it.effect("there is no organization", () =>
        Effect.gen(function* () {
          const answer = yield* ask("GET", "v2/organization/acme/users")
          assert.deepStrictEqual([answer.status, answer.text], [401, "{}"])
          assert.deepStrictEqual(json(yield* ask("GET", "v1/org")), {})
        })
      )

      it.effect("the profile is changed with the password, and nothing of it without", () =>
        Effect.gen(function* () {
          const put = (user: unknown) => ask("PUT", "v3/me", { user })
          const wrong = { message: "Error updating your account details", errors: {} }
          for (const user of [{ name: "A" }, { name: "A", password_confirmation: "x" }]) {
            const answer = yield* put(user)
            assert.deepStrictEqual([answer.status, json(answer)], [403, wrong])
          }
          const password_confirmation = Redacted.value(localPassword)
          for (const user of [
            undefined,
            7,
            { name: 7, password_confirmation },
            { email: "a", password_confirmation }
          ]) {
            assert.strictEqual((yield* put(user)).status, 400)
          }
          const different = { new_password: "battery staple", confirm_password: "battery", password_confirmation }
          assert.deepStrictEqual(json(yield* put(different)).errors, {
            confirm_password: ["New password fields don't match"]
          })
          const changed = json(
            yield* put({
              name: "Alice",
              twitter_username: "alice",
              username: "eve",
              quota_in_bytes: 1,
              password_confirmation
            })
          )
          assert.deepStrictEqual(
            [changed.name, changed.twitter_username, changed.username],
            ["Alice", "alice", "alice"]
          )
          assert.strictEqual((yield* ask("PUT", "v3/me", { user: {} }, "default_public")).status, 401)
          const told = json(yield* ask("GET", "v3/me")).user_data
          assert.deepStrictEqual([told.name, told.quota_in_bytes], ["Alice", 21_474_836_480])
        })
      )

      it.effect("two changes at once are both made", () =>
        Effect.gen(function* () {
          const password_confirmation = Redacted.value(localPassword)
          const told = [{ company: "Acme" }, { phone: "1234" }, { website: "acme.test" }]
          yield* Effect.forEach(told, (one) => ask("PUT", "v3/me", { user: { ...one, password_confirmation } }), {
            concurrency: "unbounded"
          })
          const { company, phone, website } = json(yield* ask("GET", "v3/me")).user_data
          assert.deepStrictEqual([company, phone, website], ["Acme", "1234", "acme.test"])
        })
      )
    }
  )

  const organization = { name: "acme", seats: 3, quotaInBytes: 30_000_000_000 }
  const layer = Emulator.layer({ organization }).pipe(Layer.provide(PgliteDatabase.layer()))

  it.layer(layer, { timeout: "2 minutes" })("of an organization", (it) => {
    const users = "v2/organization/acme/users"
    const carol = { username: "carol", email: "carol@example.com", password: "correct horse" }

    it.effect("a user is made in the background, changed, and deleted", () =>
      Effect.gen(function* () {
        const created = yield* ask("POST", users, {
          ...carol,
          soft_geocoding_limit: "true",
          soft_here_isolines_limit: true
        })
        const user = json(created)
        assert.strictEqual(created.status, 200)
        assert.deepStrictEqual(
          [user.username, user.api_key, user.db_size_in_bytes, user.quota_in_bytes, user.soft_geocoding_limit],
          ["carol", null, null, 104_857_600, true]
        )
        assert.isFalse("id" in user)
        const early = yield* ask("GET", `${users}/carol`)
        assert.deepStrictEqual([early.status, early.text], [404, "No user with username 'carol' in 'acme'"])
        assert.strictEqual(early.headers["content-type"], "application/json; charset=utf-8")
        yield* TestClock.adjust("1 second")
        const ready = json(yield* ask("GET", `${users}/carol`))
        assert.match(ready.api_key, /^[\w-]{22}$/)
        assert.strictEqual(ready.role_display, "builder")

        const changed = json(yield* ask("PUT", `${users}/carol`, { viewer: true, soft_geocoding_limit: false }))
        assert.deepStrictEqual([changed.viewer, changed.soft_geocoding_limit], [true, false])
        const nothing = yield* ask("PUT", `${users}/carol`, { username: "caroline" })
        assert.deepStrictEqual([nothing.status, nothing.text], [410, "No update params provided"])
        const gone = yield* ask("DELETE", `${users}/carol`)
        assert.deepStrictEqual([gone.status, gone.text], [200, "User deleted"])
        assert.strictEqual((yield* ask("DELETE", `${users}/carol`)).status, 404)
      })
    )

    it.effect("what is wrong with a user is a bare list of texts", () =>
      Effect.gen(function* () {
        const problems = (body: unknown) =>
          Effect.map(ask("POST", users, body), (answer) => {
            assert.strictEqual(answer.status, 410)
            return json(answer)
          })
        assert.deepStrictEqual(yield* problems({}), [
          "username is not present",
          "email is not present",
          "password is not present"
        ])
        assert.deepStrictEqual(yield* problems({ ...carol, username: "alice" }), ["username is already taken"])
        assert.deepStrictEqual(yield* problems({ ...carol, username: "Carol_" }), ["username is invalid"])
        assert.deepStrictEqual(yield* problems({ ...carol, email: "carol" }), ["email is not a valid address"])
        assert.deepStrictEqual(yield* problems({ ...carol, password: "12345" }), [
          "password must be at least 6 characters long"
        ])
        assert.deepStrictEqual(
          yield* problems({ ...carol, password: "carol" }).pipe(Effect.map((all) => all.length)),
          2
        )
        assert.deepStrictEqual(yield* problems({ ...carol, quota_in_bytes: 1e13 }), [
          "quota_in_bytes not enough disk quota"
        ])
      })
    )

    it.effect("seats are counted, those of users in the making included", () =>
      Effect.gen(function* () {
        for (const username of ["dan", "eve"]) {
          const email = `${username}@example.com`
          assert.strictEqual((yield* ask("POST", users, { ...carol, username, email })).status, 200)
        }
        const third = yield* ask("POST", users, carol)
        assert.deepStrictEqual([third.status, json(third)], [410, ["organization not enough seats"]])
        assert.strictEqual((yield* ask("POST", users, { ...carol, viewer: true })).status, 200)
        yield* TestClock.adjust("1 second")
        for (const username of ["dan", "eve", "carol"]) yield* ask("DELETE", `${users}/${username}`)
      })
    )

    it.effect("the list of members counts this page, and all", () =>
      Effect.gen(function* () {
        for (const username of ["bea", "bob"]) {
          yield* ask("POST", users, { ...carol, username, email: `${username}@example.com` })
        }
        yield* TestClock.adjust("1 second")
        const { organization } = json(yield* ask("GET", "v1/users/me"))
        const list = (query: string) =>
          Effect.map(ask("GET", `v1/organization/${organization.id}/users?${query}`), json)
        const first = yield* list("per_page=2")
        assert.deepStrictEqual([first.total_user_entries, first.total_entries], [3, 2])
        assert.deepStrictEqual(
          first.users.map(({ username }: { username: string }) => username),
          ["alice", "bea"]
        )
        assert.deepStrictEqual((yield* list("q=b")).total_user_entries, 2)
        assert.deepStrictEqual((yield* list("q=bob@example.com")).users[0].username, "bob")
        const named = yield* ask("GET", "v1/organization/acme/users")
        assert.deepStrictEqual([named.status, named.text], [401, "{}"])
        const all = json(yield* ask("GET", users))
        assert.deepStrictEqual(all.length, 3)
        for (const username of ["bea", "bob"]) yield* ask("DELETE", `${users}/${username}`)
      })
    )

    it.effect("the owner stays, and is told in v4/me and org", () =>
      Effect.gen(function* () {
        const { masterKey, url } = yield* Emulator
        const kept = yield* ask("DELETE", `${users}/alice`)
        assert.deepStrictEqual([kept.status, kept.text], [401, "Can't delete org owner"])
        const own = json(yield* ask("GET", `${users}/alice`))
        assert.deepStrictEqual([own.api_key, own.base_url], [Redacted.value(masterKey), url])
        assert.deepStrictEqual(json(yield* ask("GET", "v4/me")).organization, {
          name: "acme",
          owner: { username: "alice" }
        })
        const org = json(yield* ask("GET", "v1/org"))
        assert.deepStrictEqual([org.name, org.owner.username, org.user_count], ["acme", "alice", 1])
        assert.strictEqual(org.unassigned_quota, 30_000_000_000 - 21_474_836_480)
      })
    )

    it.effect("members are asked at their own addresses, and strangers are unknown", () =>
      Effect.gen(function* () {
        const { origin } = yield* Emulator
        yield* ask("POST", users, { ...carol, username: "fay", email: "fay@example.com" })
        yield* TestClock.adjust("1 second")
        const fay = json(yield* ask("GET", `${users}/fay`))
        const told = json(yield* send(`${origin}/u/fay/api/v4/me?api_key=${fay.api_key}`))
        assert.deepStrictEqual(
          [told.username, told.organization, told.api_endpoints.sql],
          ["fay", { name: "acme", owner: { username: "alice" } }, `${origin}/u/fay`]
        )
        assert.strictEqual((yield* send(`${origin}/u/fay/api/v4/me`)).status, 401)
        assert.strictEqual((yield* ask("GET", "v4/me", undefined, fay.api_key)).status, 401)
        assert.strictEqual((yield* send(`${origin}/u/zoe/api/v4/me`)).status, 404)
        const stranger = yield* ask("GET", "v3/api_keys?target_user=zoe")
        assert.deepStrictEqual(
          [stranger.status, json(stranger).errors],
          [404, "User 'zoe' not found in the organization 'acme'"]
        )
      })
    )
  })
})
