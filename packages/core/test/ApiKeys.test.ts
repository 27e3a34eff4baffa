import { inspect } from "node:util"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Logger, Option, Redacted, Stream } from "effect"
import { TestClock } from "effect/testing"
import * as Grants from "../src/ApiKeyGrants.ts"
import { ApiKeys } from "../src/ApiKeys.ts"
import { Auth } from "../src/Auth.ts"
import { CartoClient } from "../src/CartoClient.ts"
import { apiKey, keyList, masterKey, me } from "./fixtures/account.ts"
import { HttpMock, type Reply, type Seen } from "./HttpMock.ts"
import { asked, reasonOf, type Script, seen, sent, served } from "./platform.ts"

const layer = (script: Script, options?: { readonly readOnly?: boolean }, key?: string) =>
  served(ApiKeys.layer(options), script, key)

const basic = (user: string, key: string) => `Basic ${btoa(`${user}:${key}`)}`
const rows = (...rows: ReadonlyArray<object>): Reply => ({
  body: { rows, fields: {}, total_rows: rows.length, time: 0 }
})

/** Answers by address. */
const by =
  (answers: Readonly<Record<string, Reply>>) =>
  ({ method, url }: Seen): Reply => {
    const { pathname } = new URL(url)
    return answers[`${method} ${pathname}`] ?? answers[pathname] ?? { status: 404, body: " " }
  }

describe("ApiKeys.create", () => {
  const make = (...grants: ReadonlyArray<Grants.ApiKeyGrant>) =>
    Effect.gen(function* () {
      const keys = yield* ApiKeys
      const key = yield* keys.create("viewer-app", grants)
      assert.strictEqual(Redacted.value(key.token), apiKey.token)
      return (yield* sent).at(-1)
    }).pipe(
      Effect.provide(
        layer(by({ "/api/v2/sql": rows({ schema: "alice" }), "POST /api/v3/api_keys": { status: 201, body: apiKey } }))
      )
    )

  it.effect("sends the reference's example", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(
        yield* make(
          Grants.reads({ schema: "public", name: "stations" }),
          Grants.creates("public"),
          Grants.dataservices("geocoding")
        ),
        {
          name: "viewer-app",
          grants: [
            { type: "apis", apis: ["sql", "maps"] },
            {
              type: "database",
              tables: [{ schema: "public", name: "stations", permissions: ["select"] }],
              schemas: [{ name: "public", permissions: ["create"] }]
            },
            { type: "dataservices", services: ["geocoding"] }
          ]
        }
      )
    })
  )

  it.effect("sends one section of each kind, and always that of the APIs", () =>
    Effect.gen(function* () {
      assert.deepStrictEqual(yield* make(), { name: "viewer-app", grants: [{ type: "apis", apis: [] }] })
      const body = yield* make(
        Grants.writes("visits", "bob.visits"),
        Grants.table("visits", "select"),
        Grants.all(Grants.sql, Grants.dataObservatory, Grants.all(Grants.tableMetadata)),
        Grants.creates(),
        Grants.dataservices("routing"),
        Grants.dataservices("isolines", "routing"),
        Grants.profile,
        Grants.datasets("a.b.c"),
        Grants.table('"a.b"', "insert")
      )
      const all = ["select", "insert", "update", "delete"]
      assert.deepStrictEqual(body.grants, [
        { type: "apis", apis: ["sql", "do"] },
        {
          type: "database",
          tables: [
            { schema: "alice", name: "visits", permissions: all },
            { schema: "bob", name: "visits", permissions: all },
            { schema: "alice", name: "a.b", permissions: ["insert"] }
          ],
          schemas: [{ name: "alice", permissions: ["create"] }],
          table_metadata: []
        },
        { type: "dataservices", services: ["routing", "isolines"] },
        { type: "user", data: ["profile"] },
        { type: "data-observatory", datasets: ["a.b.c"] }
      ])
    })
  )

  it.effect("asks for the own schema once, and only where a table has none; of a member it is the name", () =>
    Effect.gen(function* () {
      const keys = yield* ApiKeys
      yield* keys.create("a", [Grants.table("x", "select"), Grants.table("y", "select"), Grants.creates()])
      yield* keys.create("b", [Grants.table({ schema: "s", name: "x" }, "select")])
      yield* keys.create("c", [Grants.table("x", "select")], { user: "bob" })
      assert.deepStrictEqual(
        (yield* asked).map((line) => line.replace(/\?client=.*/, "")),
        ["POST /api/v2/sql", "POST /api/v3/api_keys", "POST /api/v3/api_keys", "POST /api/v3/api_keys?target_user=bob"]
      )
      assert.strictEqual((yield* sent).at(-1).grants[1].tables[0].schema, "bob")
    }).pipe(
      Effect.provide(layer(by({ "/api/v2/sql": rows({ schema: "public" }), "/api/v3/api_keys": { body: apiKey } })))
    )
  )

  const refusals: ReadonlyArray<readonly [Reply, string, RegExp]> = [
    [
      { status: 422, body: { errors: "Validation failed: Name has already been taken", errors_cause: null } },
      "ValidationError",
      /another name/
    ],
    [
      {
        status: 422,
        body: {
          errors:
            "Validation failed: Name has already been taken, Name api_key name cannot be Master nor Default public",
          errors_cause: null
        }
      },
      "ValidationError",
      /everybody's own/
    ],
    [{ status: 422, body: { errors: 'relation "x" does not exist', errors_cause: null } }, "ValidationError", /schema/],
    [{ status: 403, body: { errors: "You have reached the limit of API keys for your plan" } }, "QuotaError", /plan/],
    [{ status: 401, body: " " }, "AuthError", /master key/],
    [{ status: 404, body: " " }, "NotFoundError", /Check/]
  ]
  for (const [reply, tag, advice] of refusals) {
    it.effect(`a refusal with ${reply.status} is a ${tag} with advice ${advice}, and is not sent again`, () =>
      Effect.gen(function* () {
        const keys = yield* ApiKeys
        const reason = yield* reasonOf(keys.create("a", []))
        assert.deepStrictEqual([reason._tag, reason.status], [tag, reply.status])
        assert.match(reason.advice, advice)
        assert.lengthOf(yield* seen, 1)
      }).pipe(Effect.provide(layer([reply])))
    )
  }

  it.effect("an answer that cannot be read is not shown: it holds the token", () =>
    Effect.gen(function* () {
      const keys = yield* ApiKeys
      const error = yield* Effect.flip(keys.create("a", []))
      assert.strictEqual(error.reason._tag, "ProtocolError")
      assert.notInclude(`${inspect(error, { depth: 9 })}${JSON.stringify(error)}`, apiKey.token)
    }).pipe(Effect.provide(layer([{ body: { ...apiKey, grants: 3 } }])))
  )

  it.effect("what names no table is not sent, and a client that only reads makes no key", () =>
    Effect.gen(function* () {
      const keys = yield* ApiKeys
      for (const name of ["", "a.b.c", "x".repeat(64)]) {
        assert.strictEqual((yield* reasonOf(keys.create("a", [Grants.reads(name)])))._tag, "ValidationError")
      }
      const reader = yield* Effect.provide(ApiKeys, layer([], { readOnly: true }))
      for (const change of [reader.create("a", []), reader.regenerate("a"), reader.delete("a")]) {
        assert.include((yield* reasonOf(change)).message, "only reads")
      }
      assert.lengthOf(yield* seen, 0)
    }).pipe(Effect.provide(layer([{ body: apiKey }])))
  )
})

describe("ApiKeys.list", () => {
  it.effect("takes no notice of links, which repeat the key, nor of the last page 0", () =>
    Effect.gen(function* () {
      const keys = yield* ApiKeys
      assert.lengthOf(
        yield* Stream.runCollect(keys.list({ types: ["regular"], orderBy: "updated_at", user: "bob" })),
        0
      )
      assert.deepStrictEqual(yield* asked, [
        "GET /api/v3/api_keys?page=1&per_page=100&type=regular&order=updated_at&target_user=bob"
      ])
    }).pipe(Effect.provide(layer([{ body: keyList([]) }])))
  )

  it.effect("finds a key that slipped to a page already read when another was deleted", () =>
    Effect.gen(function* () {
      const keys = yield* ApiKeys
      const found = yield* Stream.runCollect(keys.list())
      assert.deepStrictEqual(found.map(({ name }) => name).toSorted(), ["a", "b", "c"])
    }).pipe(
      Effect.provide(
        layer(({ url }, index) => {
          const named = (...names: ReadonlyArray<string>) => names.map((name) => ({ ...apiKey, name }))
          const isFirst = url.includes("page=1&")
          if (index === 0) return { body: keyList(named("a", "b"), 3) }
          return { body: keyList(isFirst ? named("b", "c") : [], 2) }
        })
      )
    )
  )
})

describe("ApiKeys.regenerate", () => {
  const fresh = { ...masterKey, token: "fedcba9876543210fedcba9876543210fedcba98" }

  it.effect("with one's own master key goes on with the new one, also of a member by name", () =>
    Effect.gen(function* () {
      const keys = yield* ApiKeys
      yield* keys.regenerate("Master", { user: "alice" })
      yield* keys.get("Master")
      const all = yield* seen
      assert.deepStrictEqual(
        all.map(({ headers }) => headers.authorization),
        [basic("alice", "key-of-alice"), basic("alice", fresh.token)]
      )
      assert.strictEqual((yield* asked)[0], "POST /api/v3/api_keys/Master/token/regenerate?target_user=alice")
    }).pipe(Effect.provide(layer([{ body: fresh }])))
  )

  it.effect("of another user, or of a regular key, leaves the client's own", () =>
    Effect.gen(function* () {
      const keys = yield* ApiKeys
      yield* keys.regenerate("Master", { user: "bob" })
      yield* keys.regenerate("a/b c")
      yield* keys.get("Default public")
      assert.deepStrictEqual(
        new Set((yield* seen).map(({ headers }) => headers.authorization)),
        new Set([basic("alice", "key-of-alice")])
      )
      assert.strictEqual((yield* seen)[1]?.url, "https://alice.carto.com/api/v3/api_keys/a%2Fb%20c/token/regenerate")
    }).pipe(Effect.provide(layer(({ url }) => ({ body: url.includes("target_user=bob") ? fresh : apiKey }))))
  )

  it.effect("is not sent again when it may have arrived: the key would be another one still", () =>
    Effect.gen(function* () {
      const keys = yield* ApiKeys
      assert.strictEqual((yield* reasonOf(keys.regenerate("Master")))._tag, "TransportError")
      assert.lengthOf(yield* seen, 1)
    }).pipe(
      Effect.provide(
        ApiKeys.layer().pipe(
          Layer.provide(CartoClient.layer()),
          Layer.provide(Auth.layer({ url: "https://alice.carto.com", apiKey: Redacted.make("key-of-alice") })),
          Layer.provideMerge(HttpMock.layer([{ error: { code: "ECONNRESET", message: "reset" } }]))
        )
      )
    )
  )

  it.effect("warns when the credentials cannot follow", () =>
    Effect.gen(function* () {
      const said: Array<unknown> = []
      const auth = yield* Effect.provide(Auth, Auth.layer({ url: "https://alice.carto.com" }))
      yield* Effect.flatMap(ApiKeys, (keys) => keys.regenerate("Master")).pipe(
        Effect.provide(
          ApiKeys.layer().pipe(
            Layer.provide(CartoClient.layer()),
            Layer.provide(
              Layer.succeed(Auth, {
                account: auth.account,
                apiKey: Effect.succeed(Option.some(Redacted.make("short-lived")))
              })
            ),
            Layer.provide(HttpMock.layer([{ body: fresh }]))
          )
        ),
        Effect.provide(Logger.layer([Logger.make(({ message }) => said.push(message))]))
      )
      assert.include(String(said), "still hold the old one")
    })
  )
})

describe("ApiKeys.delete", () => {
  it.effect("takes a key for deleted that an earlier attempt deleted, whose answer was lost", () =>
    Effect.gen(function* () {
      const keys = yield* ApiKeys
      const deleting = yield* Effect.forkChild(keys.delete("viewer app"))
      yield* TestClock.adjust(0)
      yield* TestClock.adjust("1 minute")
      yield* Fiber.join(deleting)
      assert.strictEqual((yield* asked)[1], "DELETE /api/v3/api_keys/viewer app")
    }).pipe(
      Effect.provide(
        ApiKeys.layer().pipe(
          Layer.provide(CartoClient.layer({ retries: 1 })),
          Layer.provide(Auth.layer({ url: "https://alice.carto.com" })),
          Layer.provideMerge(
            HttpMock.layer([
              { error: { code: "ECONNRESET", message: "reset" } },
              { status: 404, body: { errors: "API key not found: viewer app", errors_cause: null } }
            ])
          )
        )
      )
    )
  )

  it.effect("one that is not there is a NotFoundError with the server's words", () =>
    Effect.gen(function* () {
      const keys = yield* ApiKeys
      const reason = yield* reasonOf(keys.delete("gone"))
      assert.deepStrictEqual([reason._tag, reason.message], ["NotFoundError", "API key not found: gone"])
    }).pipe(Effect.provide(layer([{ status: 404, body: { errors: "API key not found: gone", errors_cause: null } }])))
  )
})

describe("ApiKeys.check", () => {
  const checked = (script: Script, given?: string, own?: string) =>
    Effect.gen(function* () {
      const keys = yield* ApiKeys
      const check = yield* keys.check(given === undefined ? undefined : Redacted.make(given))
      return { check, all: yield* seen }
    }).pipe(Effect.provide(layer(script, {}, own)))

  it.effect("sends the key that is asked about, and never the client's own", () =>
    Effect.gen(function* () {
      const { all, check } = yield* checked(
        by({ "/api/v4/me": { body: me }, "/api/v3/api_keys": { body: keyList([apiKey]) } }),
        apiKey.token
      )
      assert.deepStrictEqual(
        all.map(({ headers }) => headers.authorization),
        [basic("alice", apiKey.token), basic("alice", apiKey.token)]
      )
      assert.isTrue(check._tag === "Good")
      if (check._tag === "Good") {
        assert.deepStrictEqual(
          [check.type, check.name, check.username, check.organization],
          ["regular", "viewer-app", "alice", "acme"]
        )
      }
      assert.notInclude(`${JSON.stringify(check)}${inspect(check, { depth: 9 })}`, apiKey.token)
    })
  )

  it.effect("without a key asks about the public one", () =>
    Effect.gen(function* () {
      const { all } = yield* checked(by({ "/api/v4/me": { body: me } }), undefined, "")
      assert.strictEqual(all[0]?.headers.authorization, basic("alice", "default_public"))
    })
  )

  it.effect("a key that no list shows is good for what nobody can tell", () =>
    Effect.gen(function* () {
      const { check } = yield* checked(
        by({ "/api/v4/me": { body: me }, "/api/v3/api_keys": { body: keyList([]) } }),
        "token-of-an-app"
      )
      assert.isTrue(check._tag === "Good" && check.type === undefined && check.abilities === undefined)
    })
  )

  it.effect("on servers without v4/me the list of keys decides", () =>
    Effect.gen(function* () {
      const { check } = yield* checked(by({ "/api/v3/api_keys": { body: keyList([masterKey]) } }), masterKey.token)
      assert.isTrue(check._tag === "Good" && check.type === "master" && check.me === undefined)
      const { check: refused } = yield* checked(by({ "/api/v3/api_keys": { status: 401, body: " " } }), "x")
      assert.deepStrictEqual(refused, { _tag: "Refused", message: "the key was refused" })
    })
  )

  it.effect("fails when nobody can tell: an unknown user, a server in trouble, an answer that repeats the key", () =>
    Effect.gen(function* () {
      const none = yield* reasonOf(checked([{ status: 404, body: " " }]))
      assert.deepStrictEqual([none._tag, none.message.includes("no user alice")], ["NotFoundError", true])
      assert.strictEqual((yield* reasonOf(checked([{ status: 502, body: "" }])))._tag, "ServerError")
      const secret = "secret-that-is-checked"
      for (const body of [secret, btoa(`alice:${secret}`), { error: encodeURIComponent(secret) }]) {
        const echo = yield* Effect.flip(checked([{ status: 403, body }], secret))
        assert.notInclude(inspect(echo, { depth: 9 }), secret)
        assert.notInclude(inspect(echo, { depth: 9 }), btoa(`alice:${secret}`))
      }
    })
  )
})
