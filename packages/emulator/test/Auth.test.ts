import { assert, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { Emulator } from "../src/Emulator.ts"
import { ownerRole, publicRole } from "../src/sql/roles.ts"
import { basic, json, send } from "./http.ts"

const whoami = "SELECT current_user AS me"

const call = Effect.fnUntraced(function* (
  params: Record<string, string>,
  headers: Record<string, string> = {},
  body = {}
) {
  const emulator = yield* Emulator
  return yield* send(`${emulator.url}/api/v2/sql?${new URLSearchParams({ q: whoami, ...params })}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify(body)
  })
})

const master = Effect.map(Emulator, (emulator) => Redacted.value(emulator.masterKey))

const regular = Effect.flatMap(Emulator, (emulator) =>
  emulator.addKey({ name: "reader", token: Redacted.make("reader-key") })
)

it.layer(Emulator.layerTest, { timeout: "2 minutes", excludeTestServices: true })("Auth", (it) => {
  it.effect("a request without a key has the public's rights", () =>
    Effect.gen(function* () {
      for (const headers of [{}, { authorization: "Bearer x" }, { authorization: "Basic !!!!" }]) {
        assert.deepStrictEqual(json(yield* call({}, headers)).rows, [{ me: publicRole }])
      }
      assert.deepStrictEqual(json(yield* call({ api_key: "" })).rows, [{ me: publicRole }])
    })
  )

  it.effect("the master key is read from every place", () =>
    Effect.gen(function* () {
      const key = yield* master
      const answers = [
        yield* call({ api_key: key }),
        yield* call({ map_key: key }),
        yield* call({}, basic("alice", key)),
        yield* call({}, {}, { api_key: key }),
        yield* call({}, {}, { map_key: key })
      ]
      for (const answer of answers) assert.deepStrictEqual(json(answer).rows, [{ me: ownerRole }])
    })
  )

  it.effect("of two known keys the one in Basic is used, then the query's, then the body's", () =>
    Effect.gen(function* () {
      const key = yield* master
      yield* regular
      assert.deepStrictEqual(json(yield* call({ api_key: key }, basic("alice", "reader-key"))).rows, [
        { me: "alice_reader" }
      ])
      assert.deepStrictEqual(json(yield* call({ api_key: "reader-key" }, {}, { api_key: key })).rows, [
        { me: "alice_reader" }
      ])
    })
  )

  it.effect("a wrong key beside a good one is refused, whichever of the two is used", () =>
    Effect.gen(function* () {
      const key = yield* master
      const answers = [
        yield* call({ api_key: "wrong" }),
        yield* call({ api_key: "wrong" }, basic("alice", key)),
        yield* call({ api_key: key }, basic("alice", "wrong")),
        yield* call({ api_key: key }, {}, { api_key: "wrong" })
      ]
      for (const answer of answers) {
        assert.deepStrictEqual([answer.status, json(answer)], [401, { error: ["Unauthorized"] }])
        assert.strictEqual(answer.headers["www-authenticate"], undefined)
      }
    })
  )

  it.effect("Basic with another user's name, or none, is refused", () =>
    Effect.gen(function* () {
      const key = yield* master
      for (const user of ["bob", ""]) {
        const answer = yield* call({}, basic(user, key))
        assert.deepStrictEqual([answer.status, json(answer)], [403, { error: ["permission denied"] }])
      }
    })
  )

  it.effect("a regular key has its grants and no more", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const api_key = yield* master
      yield* call({ api_key, q: "CREATE TABLE secrets (id serial PRIMARY KEY, a text); CREATE TABLE others (a int)" })
      yield* emulator.addKey({
        name: "writer",
        token: Redacted.make("writer-key"),
        tables: [{ table: "secrets", permissions: ["select", "insert"] }]
      })
      const asWriter = (q: string) => call({ api_key: "writer-key", q })
      assert.strictEqual(json(yield* asWriter("INSERT INTO secrets (a) VALUES ('x')")).total_rows, 1)
      assert.deepStrictEqual(json(yield* asWriter("SELECT * FROM secrets")).rows, [{ id: 1, a: "x" }])
      for (const q of ["DELETE FROM secrets", "SELECT * FROM others", "CREATE TABLE mine (a int)"]) {
        assert.strictEqual((yield* asWriter(q)).status, 403)
      }
      assert.isAtLeast((yield* asWriter("RESET ROLE; SELECT * FROM others")).status, 400)
    })
  )

  it.effect("a key without a grant for SQL is forbidden", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      yield* emulator.addKey({ name: "maps", token: Redacted.make("maps-key"), apis: ["maps"] })
      const answer = yield* call({ api_key: "maps-key" })
      assert.deepStrictEqual([answer.status, json(answer)], [403, { error: ["forbidden"] }])
    })
  )

  it.effect("the user is read from the path, then from the host", () =>
    Effect.gen(function* () {
      const { origin } = yield* Emulator
      const ask = (path: string, host: string) =>
        Effect.map(send(`${origin}${path}/api/v2/sql?q=SELECT%201`, { headers: { host } }), ({ headers, status }) => [
          status,
          headers["carto-user"]
        ])
      assert.deepStrictEqual(yield* ask("/user/alice", "bob.example.com"), [200, "alice"])
      assert.deepStrictEqual(yield* ask("/u/alice", "team.example.com"), [200, "alice"])
      assert.deepStrictEqual(yield* ask("", "alice.example.com:8080"), [200, "alice"])
      assert.deepStrictEqual(yield* ask("", "bob.example.com"), [404, "bob"])
      assert.deepStrictEqual(yield* ask("", "localhost:8080"), [400, undefined])
    })
  )
})
