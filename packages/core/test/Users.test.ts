import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Redacted, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Users } from "../src/Users.ts"
import * as examples from "./examples.ts"
import { managedUser, me, organization, ownAccount } from "./fixtures/account.ts"
import type { Reply, Seen } from "./HttpMock.ts"
import { asked, reasonOf, type Script, seen, sent, served } from "./platform.ts"
import { fork } from "./waiting.ts"

const layer = (script: Script, options?: { readonly readOnly?: boolean }, key?: string) =>
  served(Users.layer(options), script, key)

const password = Redacted.make("correct horse")
const carol = { username: "carol", email: "carol@example.test", password }
const acme = { organization: "acme" }
const made = { ...managedUser, api_key: "master-key-of-carol" }
const absent: Reply = { status: 404, body: "No user with username 'carol' in 'acme'" }

describe("Users of the account itself", () => {
  const anonymous: Reply = { body: { user_frontend_version: "1", config: { user_name: "alice" } } }

  it.effect("a dashboard that the server shows to nobody in particular is an AuthError", () =>
    Effect.gen(function* () {
      const reason = yield* reasonOf(Effect.flatMap(Users, ({ dashboard }) => dashboard))
      assert.strictEqual(reason._tag, "AuthError")
      assert.include(reason.advice, "master key")
    }).pipe(Effect.provide(layer([anonymous])))
  )

  for (const key of ["", "default_public"]) {
    it.effect(`without a key of one's own (${JSON.stringify(key)}) the dashboard tells of no account`, () =>
      Effect.gen(function* () {
        const dashboard = yield* Effect.flatMap(Users, ({ dashboard }) => dashboard)
        assert.isUndefined(dashboard.user_data)
        assert.strictEqual(dashboard.config?.user_name, "alice")
      }).pipe(Effect.provide(layer([anonymous], {}, key)))
    )
  }

  it.effect("me, account and dashboard ask their endpoints", () =>
    Effect.gen(function* () {
      const users = yield* Users
      assert.strictEqual((yield* users.me).username, "alice")
      assert.strictEqual((yield* users.account).username, "alice")
      assert.strictEqual((yield* users.dashboard).user_data?.username, "alice")
      assert.isUndefined(yield* users.organization)
      assert.deepStrictEqual(yield* asked, [
        "GET /api/v4/me",
        "GET /api/v1/users/alice",
        "GET /api/v3/me",
        "GET /api/v1/org"
      ])
    }).pipe(
      Effect.provide(
        layer(({ url }) => {
          if (url.endsWith("/org")) return { body: {} }
          if (url.endsWith("v3/me")) return { body: { user_data: ownAccount, config: { user_name: "alice" } } }
          return { body: url.endsWith("v4/me") ? me : ownAccount }
        })
      )
    )
  )

  it.effect("an account that cannot be read is not shown: it holds the master key", () =>
    Effect.gen(function* () {
      const users = yield* Users
      const error = yield* Effect.flip(users.account)
      assert.strictEqual(error.reason._tag, "ProtocolError")
      assert.notInclude(`${inspect(error, { depth: 9 })}${JSON.stringify(error)}`, ownAccount.api_key)
    }).pipe(Effect.provide(layer([{ body: { ...ownAccount, username: 7 } }])))
  )

  for (const [status, body, message] of [
    [401, " ", "the key was refused"],
    [403, { error: "lockout" }, "lockout"],
    [403, { error: "unverified" }, "unverified"],
    [403, { error: "mfa_required" }, "mfa_required"]
  ] as const) {
    it.effect(`me is refused with ${status} ${message}`, () =>
      Effect.gen(function* () {
        const users = yield* Users
        const reason = yield* reasonOf(users.me)
        assert.deepStrictEqual([reason._tag, reason.status, reason.message], ["AuthError", status, message])
      }).pipe(Effect.provide(layer([{ status, body }])))
    )
  }

  it.effect("updateMe sends what changes, null too, with the password and no more than once", () =>
    Effect.gen(function* () {
      const users = yield* Users
      const reason = yield* reasonOf(
        users.updateMe({ website: null, company: "Acme", newPassword: Redacted.make("battery staple") }, password)
      )
      assert.deepStrictEqual(
        [reason._tag, reason.message],
        ["AuthError", "Error updating your account details for <redacted>"]
      )
      assert.deepStrictEqual(yield* sent, [
        {
          user: {
            website: null,
            company: "Acme",
            new_password: "battery staple",
            confirm_password: "battery staple",
            password_confirmation: "correct horse"
          }
        }
      ])
      assert.deepStrictEqual(yield* asked, ["PUT /api/v3/me"])
    }).pipe(
      Effect.provide(
        layer([{ status: 403, body: { message: "Error updating your account details for correct horse", errors: {} } }])
      )
    )
  )

  it.effect("updateMe gives the user as it is then", () =>
    Effect.gen(function* () {
      const users = yield* Users
      assert.strictEqual((yield* users.updateMe({ name: "Alice" }, password)).name, "Alice")
    }).pipe(Effect.provide(layer([{ body: examples.owner }])))
  )
})

describe("Users.create", () => {
  /** The user is there at the third question. */
  const slowly = (reads: number) => {
    let read = 0
    return ({ method }: Seen): Reply => {
      if (method === "POST") return { body: managedUser }
      read += 1
      return read < reads ? absent : { body: made }
    }
  }

  it.effect("sends limits as texts, and waits until the server has made the user", () =>
    Effect.gen(function* () {
      const users = yield* Users
      const creating = yield* fork(
        users.create(
          {
            ...carol,
            quota_in_bytes: 1000,
            viewer: false,
            org_admin: true,
            soft_geocoding_limit: true,
            soft_mapzen_routing_limit: false,
            force_password_change: true
          },
          acme
        )
      )
      yield* TestClock.adjust("1 minute")
      const user = yield* Fiber.join(creating)
      assert.strictEqual(user.api_key && Redacted.value(user.api_key), "master-key-of-carol")
      assert.deepStrictEqual(yield* sent, [
        {
          email: "carol@example.test",
          quota_in_bytes: 1000,
          viewer: false,
          org_admin: true,
          soft_geocoding_limit: "true",
          soft_mapzen_routing_limit: "false",
          password: "correct horse",
          username: "carol",
          force_password_change: true
        }
      ])
      assert.deepStrictEqual(yield* asked, [
        "POST /api/v2/organization/acme/users",
        ...Array.from({ length: 3 }, () => "GET /api/v2/organization/acme/users/carol")
      ])
    }).pipe(Effect.provide(layer(slowly(3))))
  )

  it.effect("gives up on a user who does not come to be", () =>
    Effect.gen(function* () {
      const users = yield* Users
      for (const options of [{ stalledAfter: "5 minutes" }, { timeout: "5 minutes" }] as const) {
        const creating = yield* fork(reasonOf(users.create(carol, { ...acme, ...options })))
        yield* TestClock.adjust("6 minutes")
        assert.strictEqual((yield* Fiber.join(creating))._tag, "TimeoutError")
      }
    }).pipe(Effect.provide(layer(slowly(Number.POSITIVE_INFINITY))))
  )

  it.effect("is told what is wrong in the server's words, without the password", () =>
    Effect.gen(function* () {
      const users = yield* Users
      const error = yield* Effect.flip(users.create(carol, acme))
      assert.deepStrictEqual([error.reason._tag, error.status], ["ValidationError", 410])
      assert.strictEqual(error.reason.message, "email is not present; password <redacted> is common")
      assert.notInclude(inspect(error, { depth: 9 }), "correct horse")
      assert.lengthOf(yield* seen, 1)
    }).pipe(
      Effect.provide(layer([{ status: 410, body: ["email is not present", "password correct horse is common"] }]))
    )
  )
})

describe("Users of an organization", () => {
  it.effect("its name is asked for when nobody tells it", () =>
    Effect.gen(function* () {
      const users = yield* Users
      yield* users.get("a.b/c")
      assert.strictEqual((yield* seen)[1]?.url, "https://alice.carto.com/api/v2/organization/acme/users/a.b%2Fc")
    }).pipe(Effect.provide(layer(({ url }) => ({ body: url.endsWith("/org") ? organization : managedUser }))))
  )

  it.effect("update sends what changes, and gives the user as it is then", () =>
    Effect.gen(function* () {
      const users = yield* Users
      const user = yield* users.update("carol", { viewer: true, soft_geocoding_limit: false }, acme)
      assert.isFalse(user.viewer)
      assert.deepStrictEqual(yield* sent, [{ viewer: true, soft_geocoding_limit: "false" }])
    }).pipe(Effect.provide(layer([{ body: managedUser }])))
  )

  it.effect("delete takes the bare text for a success", () =>
    Effect.gen(function* () {
      const users = yield* Users
      yield* users.delete("carol", { ...acme, force: true })
      yield* users.delete("carol", acme)
      assert.deepStrictEqual(yield* asked, [
        "DELETE /api/v2/organization/acme/users/carol?force=true",
        "DELETE /api/v2/organization/acme/users/carol"
      ])
    }).pipe(Effect.provide(layer([{ body: "User deleted" }])))
  )

  const refusals: ReadonlyArray<readonly [number, string | object, string, string, RegExp]> = [
    [401, {}, "AuthError", "the key was refused", /administrator/],
    [401, "Can't delete org owner", "AuthError", "Can't delete org owner", /owner/],
    [401, "Can't delete user. Has shared entities", "AuthError", "Can't delete user. Has shared entities", /force/],
    [401, { errors: ["Not allowed"] }, "AuthError", "Not allowed", /master key/],
    [
      404,
      "No user with username 'carol' in 'acme'",
      "NotFoundError",
      "No user with username 'carol' in 'acme'",
      /name/
    ],
    [404, " ", "NotFoundError", "the server has no such endpoint or user, or the account is locked", /address/],
    [410, "No update params provided", "ValidationError", "No update params provided", /nothing was changed/],
    [410, ["organization not enough seats"], "ValidationError", "organization not enough seats", /no seat/],
    [500, "boom", "ServerError", "boom", /later/]
  ]
  for (const [status, body, tag, message, advice] of refusals) {
    it.effect(`a refusal with ${status} ${JSON.stringify(body)} is a ${tag}`, () =>
      Effect.gen(function* () {
        const users = yield* Users
        for (const call of [users.delete("carol", acme), users.get("carol", acme)]) {
          const reason = yield* reasonOf(call)
          assert.deepStrictEqual([reason._tag, reason.status, reason.message], [tag, status, message])
          assert.match(reason.advice, advice)
        }
      }).pipe(Effect.provide(layer([{ status, body }])))
    )
  }

  it.effect("members are listed once each, by the organization's id, though the total counts a page", () =>
    Effect.gen(function* () {
      const users = yield* Users
      const found = yield* Stream.runCollect(users.list())
      assert.deepStrictEqual(
        found.map(({ username }) => username),
        ["alice", "bob"]
      )
      assert.deepStrictEqual((yield* asked).slice(0, 2), [
        "GET /api/v1/org",
        `GET /api/v1/organization/${organization.id}/users?page=1&per_page=100&order=username`
      ])
    }).pipe(
      Effect.provide(
        layer(({ url }) => {
          if (url.endsWith("/org")) return { body: organization }
          const members = { "page=1&": [examples.owner], "page=2&": [examples.bob, examples.owner] }
          const page = Object.entries(members).find(([number]) => url.includes(number))?.[1] ?? []
          return { body: { users: page, total_user_entries: 2, total_entries: page.length } }
        })
      )
    )
  )

  it.effect("a client that only reads changes nobody", () =>
    Effect.gen(function* () {
      const users = yield* Users
      for (const change of [
        users.create(carol, acme),
        users.update("carol", { viewer: true }, acme),
        users.delete("carol", acme),
        users.updateMe({ name: "A" }, password)
      ]) {
        assert.include((yield* reasonOf(change)).message, "only reads")
      }
      assert.lengthOf(yield* seen, 0)
    }).pipe(Effect.provide(layer([{ body: managedUser }], { readOnly: true })))
  )
})

describe("Users and the database", () => {
  const rows = (...rows: ReadonlyArray<object>): Reply => ({ body: { rows, total_rows: rows.length, time: 0.1 } })

  it.effect("a quota may be null, which is unlimited or unknown", () =>
    Effect.gen(function* () {
      const users = yield* Users
      const [quota] = yield* users.dataservicesQuota
      assert.deepStrictEqual([quota?.service, quota?.monthly_quota], ["isolines", null])
    }).pipe(
      Effect.provide(
        layer([
          rows({ service: "isolines", monthly_quota: null, used_quota: null, soft_limit: true, provider: "here" })
        ])
      )
    )
  )

  it.effect("names stand in the statement as literals", () =>
    Effect.gen(function* () {
      const users = yield* Users
      assert.isTrue(yield* users.enoughQuota("o'brien", 100))
      assert.strictEqual(
        (yield* sent)[0].q,
        "select cdb_dataservices_client.cdb_enough_quota('o''brien', 100) as enough"
      )
      assert.strictEqual((yield* reasonOf(users.enoughQuota("a\0b", 1)))._tag, "ValidationError")
    }).pipe(Effect.provide(layer([rows({ enough: true })])))
  )

  it.effect("rows of another shape, or none, and an error behind a status 200, are failures", () =>
    Effect.gen(function* () {
      const users = yield* Users
      assert.strictEqual((yield* reasonOf(users.storage))._tag, "ProtocolError")
      assert.strictEqual((yield* reasonOf(users.storage))._tag, "ProtocolError")
      const late = yield* reasonOf(users.storage)
      assert.deepStrictEqual([late._tag, late.message], ["SqlError", "function _cdb_userquotainbytes() does not exist"])
    }).pipe(
      Effect.provide(
        layer([
          rows({ used: "much", quota: 1 }),
          rows(),
          { body: { rows: [], error: ["function _cdb_userquotainbytes() does not exist"] } }
        ])
      )
    )
  )
})
