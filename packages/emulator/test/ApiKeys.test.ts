import { NodeFileSystem } from "@effect/platform-node"
import { assert, describe, it, type Vitest } from "@effect/vitest"
import { Effect, FileSystem, Layer, Redacted } from "effect"
import { Emulator } from "../src/Emulator.ts"
import { roleName } from "../src/keys/keyRole.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { basic, json, send } from "./http.ts"
import * as PostgresServer from "./PostgresServer.ts"

const masterKey = Effect.map(Emulator, (emulator) => Redacted.value(emulator.masterKey))

/** Asks as the owner of a key; the master unless told. */
const ask = Effect.fnUntraced(function* (method: string, path: string, body?: unknown, key?: string) {
  const { url, user } = yield* Emulator
  return yield* send(`${url}/api/v3/api_keys${path}`, {
    method,
    headers: { ...basic(user, key ?? (yield* masterKey)), "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  })
})

const sql = Effect.fnUntraced(function* (q: string, key?: string) {
  const { url, user } = yield* Emulator
  return yield* send(`${url}/api/v2/sql`, {
    method: "POST",
    headers: { ...basic(user, key ?? (yield* masterKey)), "content-type": "application/json" },
    body: JSON.stringify({ q })
  })
})

const apis = { type: "apis", apis: ["sql", "maps"] }
const table = (name: string, ...permissions: ReadonlyArray<string>) => ({ schema: "public", name, permissions })

const create = (name: string, ...grants: ReadonlyArray<unknown>) =>
  Effect.map(ask("POST", "", { name, grants: [apis, ...grants] }), (answer) => {
    assert.strictEqual(answer.status, 201, answer.text)
    return json(answer)
  })

const refusal = (body: unknown) =>
  Effect.map(ask("POST", "", body), (answer) => {
    const { errors, errors_cause } = json(answer)
    assert.deepStrictEqual([answer.status, errors_cause], [422, null])
    return errors
  })

const facts = (it: Vitest.MethodsNonLive<Emulator>) => {
  it.effect("a key is told with its token and its grants, and does in SQL and COPY what they say", () =>
    Effect.gen(function* () {
      const { url } = yield* Emulator
      yield* sql("CREATE TABLE stations (id serial PRIMARY KEY, name text); CREATE TABLE hidden (a int)")
      const key = yield* create(
        "viewer app",
        { type: "database", tables: [table("stations", "select", "insert")] },
        { type: "dataservices", services: ["geocoding"] },
        { type: "user", data: ["profile"] },
        { type: "data-observatory", datasets: ["carto-do.a.b"] }
      )
      const { created_at, token, updated_at, ...rest } = key
      assert.match(token, /^[\w-]{22}$/)
      assert.match(created_at, /^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC$/)
      assert.strictEqual(updated_at, created_at)
      assert.deepStrictEqual(rest, {
        name: "viewer app",
        user: { username: "alice" },
        type: "regular",
        grants: [
          apis,
          {
            type: "database",
            tables: [{ schema: "public", name: "stations", owner: false, permissions: ["insert", "select"] }],
            schemas: []
          },
          { type: "dataservices", services: ["geocoding"] },
          { type: "data-observatory", datasets: ["carto-do.a.b"] }
        ]
      })
      assert.strictEqual((yield* sql("INSERT INTO stations (name) VALUES ('x')", token)).status, 200)
      for (const q of ["SELECT * FROM hidden", "DELETE FROM stations", "CREATE TABLE mine (a int)"]) {
        assert.strictEqual((yield* sql(q, token)).status, 403, q)
      }
      const copy = yield* send(`${url}/api/v2/sql/copyto?q=COPY%20stations%20TO%20STDOUT&api_key=${token}`)
      assert.deepStrictEqual([copy.status, copy.text], [200, "1\tx\n"])
    })
  )

  it.effect("grants are read from the database, with what the key has made itself", () =>
    Effect.gen(function* () {
      yield* sql("CREATE TABLE passing (a int); CREATE TABLE staying (a int)")
      const { token } = yield* create("maker", {
        type: "database",
        tables: [table("passing", "select"), table("staying", "select")],
        schemas: [{ name: "public", permissions: ["create"] }],
        table_metadata: []
      })
      assert.strictEqual((yield* sql("CREATE TABLE made (a int)", token)).status, 200)
      assert.strictEqual((yield* sql("SELECT * FROM cdb_tablemetadata_text", token)).status, 200)
      yield* sql(`DROP TABLE passing; GRANT UPDATE ON staying TO "${roleName("alice", "maker")}"`)
      const [, database] = json(yield* ask("GET", "/maker")).grants
      assert.deepStrictEqual(database, {
        type: "database",
        tables: [
          {
            schema: "public",
            name: "made",
            owner: true,
            permissions: ["delete", "insert", "references", "select", "trigger", "truncate", "update"]
          },
          { schema: "public", name: "staying", owner: false, permissions: ["select", "update"] }
        ],
        schemas: [{ name: "public", permissions: ["create"] }],
        table_metadata: []
      })
      assert.strictEqual((yield* sql("INSERT INTO made VALUES (1)")).status, 200)
    })
  )

  it.effect("a deleted key is dead at once, its role is gone and its tables are the account's", () =>
    Effect.gen(function* () {
      const { token } = yield* create("short", {
        type: "database",
        schemas: [{ name: "public", permissions: ["create"] }]
      })
      yield* sql("CREATE TABLE left_over (a int)", token)
      const gone = yield* ask("DELETE", "/short")
      assert.deepStrictEqual([gone.status, gone.text], [204, ""])
      assert.strictEqual((yield* sql("SELECT 1", token)).status, 401)
      const role = yield* sql(`SELECT count(*)::int AS n FROM pg_roles WHERE rolname = '${roleName("alice", "short")}'`)
      assert.deepStrictEqual(json(role).rows, [{ n: 0 }])
      assert.strictEqual((yield* sql("DROP TABLE left_over")).status, 200)
      assert.strictEqual((yield* ask("DELETE", "/short")).status, 404)

      const second = yield* create("short")
      assert.strictEqual((yield* sql("SELECT 1", second.token)).status, 200)
      assert.strictEqual((yield* sql("CREATE TABLE forbidden (a int)", second.token)).status, 403)
    })
  )

  it.effect("a token that was regenerated is worth nothing, also the master's", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const { token } = yield* create("renewed")
      const renewed = json(yield* ask("POST", "/renewed/token/regenerate"))
      assert.notStrictEqual(renewed.token, token)
      assert.strictEqual((yield* sql("SELECT 1", token)).status, 401)
      assert.strictEqual((yield* sql("SELECT 1", renewed.token)).status, 200)

      const before = yield* masterKey
      const master = json(yield* ask("POST", "/Master/token/regenerate"))
      assert.strictEqual(Redacted.value(emulator.masterKey), master.token)
      assert.strictEqual((yield* sql("SELECT 1", before)).status, 401)
      assert.strictEqual((yield* ask("GET", "", undefined, master.token)).status, 200)
    })
  )

  it.effect("the list has the master first, pages with links that repeat the key, and page 0 where nothing is", () =>
    Effect.gen(function* () {
      const { url } = yield* Emulator
      const api_key = yield* masterKey
      yield* create("zebra")
      yield* create("ant")
      const list = (query: string) => Effect.map(send(`${url}/api/v3/api_keys?api_key=${api_key}&${query}`), json)
      const all = yield* list("per_page=100&order=name&order_direction=desc")
      const names: ReadonlyArray<string> = all.result.map(({ name }: { name: string }) => name)
      assert.deepStrictEqual(names.slice(0, 2), ["Master", "Default public"])
      assert.deepStrictEqual(names.slice(2), names.slice(2).toSorted())
      assert.deepStrictEqual([all.total, all.count], [names.length, names.length])
      assert.strictEqual(all.result[1]._links.self, `${url}/api/v3/api_keys/Default%20public`)

      const second = yield* list("page=2&per_page=1")
      const href = (page: number) => ({ href: `${url}/api/v3/api_keys?api_key=${api_key}&page=${page}&per_page=1` })
      assert.deepStrictEqual(second._links, { first: href(1), prev: href(1), next: href(3), last: href(names.length) })
      assert.deepStrictEqual(
        [second.total, second.count, second.result.map(({ name }: { name: string }) => name)],
        [names.length, 1, ["Default public"]]
      )
      assert.strictEqual((yield* list(`page=${names.length}&per_page=1`))._links.next, undefined)

      const defaults = yield* list("type=default")
      assert.deepStrictEqual([defaults.total, defaults.result[0].token], [1, "default_public"])
      const none = json(yield* ask("GET", "?type=regular", undefined, "default_public"))
      assert.deepStrictEqual([none.total, none.count, none.result], [0, 0, []])
      assert.match(none._links.last.href, /page=0/)
    })
  )

  it.effect("wrong parameters of the list are refused by name", () =>
    Effect.gen(function* () {
      for (const query of ["type=oauth", "order=token", "page=0", "per_page=x"]) {
        const answer = yield* ask("GET", `?${query}`)
        const name = query.split("=")[0]
        assert.strictEqual(answer.status, 400)
        assert.match(json(answer).errors, new RegExp(`^Wrong '${name}' parameter value\\.`))
      }
    })
  )

  it.effect("every key but the master's sees itself only, and changes nothing", () =>
    Effect.gen(function* () {
      const { token } = yield* create("self")
      const list = json(yield* ask("GET", "", undefined, token))
      assert.deepStrictEqual([list.total, list.result[0].name], [1, "self"])
      assert.strictEqual((yield* ask("GET", "/self", undefined, token)).status, 200)
      const other = yield* ask("GET", "/Master", undefined, token)
      assert.deepStrictEqual(
        [other.status, json(other)],
        [404, { errors: "API key not found: Master", errors_cause: null }]
      )
      for (const [method, path] of [
        ["POST", ""],
        ["DELETE", "/self"],
        ["POST", "/self/token/regenerate"]
      ] as const) {
        const answer = yield* ask(method, path, undefined, token)
        assert.deepStrictEqual([answer.status, answer.text], [401, " "])
      }
      assert.strictEqual((yield* ask("GET", "", undefined, "wrong")).status, 401)
    })
  )

  it.effect("the two keys that every account has stay, and list no tables", () =>
    Effect.gen(function* () {
      for (const name of ["Master", "Default%20public"]) {
        const kept = yield* ask("DELETE", `/${name}`)
        const errors = "You don't have permission to access that resource"
        assert.deepStrictEqual([kept.status, json(kept)], [403, { errors, errors_cause: null }])
        const [, database] = json(yield* ask("GET", `/${name}`)).grants
        assert.deepStrictEqual(database, { type: "database", tables: [], schemas: [] })
      }
    })
  )

  it.effect("what is wrong with a new key is told in one text", () =>
    Effect.gen(function* () {
      yield* create("taken")
      assert.strictEqual(
        yield* refusal({ grants: null }),
        "Validation failed: Name can't be blank, Grants grants has to be an array"
      )
      assert.strictEqual(
        yield* refusal({ name: "taken", grants: [apis] }),
        "Validation failed: Name has already been taken"
      )
      assert.include(
        yield* refusal({ name: "Master", grants: [apis] }),
        "Name api_key name cannot be Master nor Default public"
      )
      assert.strictEqual(
        yield* refusal({ name: "none", grants: [] }),
        "Validation failed: Grants only one apis section is allowed"
      )
      const twice = { type: "database", tables: [] }
      assert.strictEqual(
        yield* refusal({ name: "two", grants: [apis, twice, twice] }),
        "Validation failed: Grants only one database section is allowed"
      )
      for (const section of [
        { type: "apis", apis: ["ftp"] },
        { type: "apis", apis: ["sql"], more: 1 },
        { type: "apis" }
      ]) {
        assert.match(yield* refusal({ name: "x", grants: [section] }), /^Validation failed: Grants The property '#\/0/)
      }
      const noSchema = { type: "database", tables: [{ schema: null, name: "t", permissions: ["select"] }] }
      assert.include(yield* refusal({ name: "x", grants: [apis, noSchema] }), "'#/1/tables/0/schema'")
    })
  )

  it.effect("a key cannot get more than the account has", () =>
    Effect.gen(function* () {
      const foreign = (schema: string, name: string) => ({
        type: "database",
        tables: [{ schema, name, permissions: ["select"] }]
      })
      for (const grant of [foreign("public", "unknown"), foreign("carto_emulator", "api_keys")]) {
        assert.strictEqual(
          yield* refusal({ name: "x", grants: [apis, grant] }),
          "Validation failed: Grants can only grant table permissions you have"
        )
      }
      const schemas = [{ name: "cartodb", permissions: ["create"] }]
      assert.strictEqual(
        yield* refusal({ name: "x", grants: [apis, { type: "database", schemas }] }),
        "Validation failed: Grants can only grant schema permissions you have"
      )
    })
  )

  it.effect("names that are hard on SQL are names", () =>
    Effect.gen(function* () {
      for (const name of [`it's "$do$" ; \\ a/b?`, "x".repeat(100), "pg_x"]) {
        const { token } = yield* create(name)
        assert.strictEqual((yield* sql("SELECT 1", token)).status, 200)
        const path = `/${encodeURIComponent(name)}`
        assert.strictEqual(json(yield* ask("GET", path)).name, name)
        assert.strictEqual((yield* ask("DELETE", path)).status, 204)
      }
    })
  )

  it.effect("no key reads the keys by SQL", () =>
    Effect.gen(function* () {
      const answer = yield* sql("SELECT * FROM carto_emulator.api_keys")
      assert.deepStrictEqual(
        [answer.status, json(answer).error],
        [403, ["permission denied for schema carto_emulator"]]
      )
    })
  )

  it.effect("a plan may limit the number of keys, or have none of them", () =>
    Effect.gen(function* () {
      const { plan } = yield* Emulator
      yield* plan.set({ apiKeyQuota: 0 })
      const over = yield* ask("POST", "", { name: "over", grants: [apis] })
      assert.deepStrictEqual(
        [over.status, json(over).errors],
        [403, "You have reached the limit of API keys for your plan"]
      )
      yield* plan.set({ apiKeyQuota: undefined, engine: false })
      const without = yield* ask("GET", "")
      assert.deepStrictEqual([without.status, without.text], [404, " "])
      yield* plan.set({ engine: true })
    })
  )

  it.effect("the keys of somebody else are nobody's without an organization", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* ask("GET", "?target_user=bob")).status, 403)
      assert.strictEqual((yield* ask("GET", "?target_user=alice")).status, 200)
    })
  )
}

it.layer(Emulator.layerTest, { timeout: "2 minutes", excludeTestServices: true })("ApiKeys", facts)

it.effect(
  "keys outlive the emulator with its data, unless a master key is told",
  () =>
    Effect.gen(function* () {
      const files = yield* FileSystem.FileSystem
      const dataDir = yield* files.makeTempDirectoryScoped({ prefix: "keys-" })
      const within = <A, E>(effect: Effect.Effect<A, E, Emulator>, apiKey?: Redacted.Redacted) =>
        Effect.provide(effect, Emulator.layer({ apiKey }).pipe(Layer.provide(PgliteDatabase.layer({ dataDir }))))
      const made = yield* within(
        Effect.gen(function* () {
          yield* sql("CREATE TABLE kept (a int)")
          const key = yield* create("kept", { type: "database", tables: [table("kept", "select")] })
          return { ...key, master: json(yield* ask("POST", "/Master/token/regenerate")).token }
        })
      )
      yield* within(
        Effect.gen(function* () {
          assert.strictEqual(yield* masterKey, made.master)
          assert.strictEqual((yield* sql("SELECT * FROM kept", made.token)).status, 200)
          assert.strictEqual((yield* sql("DELETE FROM kept", made.token)).status, 403)
        })
      )
      yield* within(
        Effect.gen(function* () {
          assert.strictEqual((yield* sql("SELECT 1", "told")).status, 200)
          assert.strictEqual((yield* sql("SELECT 1", made.master)).status, 401)
        }),
        Redacted.make("told")
      )
    }).pipe(Effect.provide(NodeFileSystem.layer), Effect.scoped),
  60_000
)

const onServer = Emulator.layer().pipe(Layer.provide(PostgresServer.layer))

describe.skipIf(PostgresServer.serverUrl === undefined)("ApiKeys", () => {
  it.layer(onServer, { timeout: "2 minutes", excludeTestServices: true })("on a PostgreSQL server", facts)
})
