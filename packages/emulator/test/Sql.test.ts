import { assert, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Redacted } from "effect"
import { Database } from "../src/Database.ts"
import { Emulator } from "../src/Emulator.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { ownerRole } from "../src/sql/roles.ts"
import { json, type RawRequest, send } from "./http.ts"

const query = Effect.fnUntraced(function* (params: Record<string, string>, request: RawRequest = {}) {
  const emulator = yield* Emulator
  const all = new URLSearchParams({ api_key: Redacted.value(emulator.masterKey), ...params })
  return yield* send(`${emulator.url}/api/v2/sql?${all}`, request)
})

const rows = (q: string) => Effect.map(query({ q }), (response) => json(response).rows)

const post = Effect.fnUntraced(function* (contentType: string, body: string, params = "") {
  const emulator = yield* Emulator
  return yield* send(`${emulator.url}/api/v2/sql${params}`, {
    method: "POST",
    headers: { "content-type": contentType },
    body
  })
})

const layer = Emulator.layer().pipe(Layer.provideMerge(PgliteDatabase.layer()))

/** Another emulator on the same database: a busy machine needs longer than a second for much that ought to succeed. */
const impatient = Emulator.layer({ statementTimeout: "1 second" })

it.layer(layer, { timeout: "2 minutes", excludeTestServices: true })("Sql", (it) => {
  it.effect("rows come first, metadata last", () =>
    Effect.gen(function* () {
      const response = yield* query({ q: "SELECT 1 AS a, 'x' AS b" })
      assert.deepStrictEqual(Object.keys(json(response)), ["rows", "time", "fields", "total_rows"])
      assert.deepStrictEqual(json(response).rows, [{ a: 1, b: "x" }])
    })
  )

  it.effect("an empty statement has no rows", () =>
    Effect.gen(function* () {
      const response = yield* query({ q: "" })
      const { time: _, ...body } = json(response)
      assert.deepStrictEqual([response.status, body], [200, { rows: [], fields: {}, total_rows: 0 }])
    })
  )

  it.effect.each<readonly [string, string]>([
    ["9007199254740993::int8", "9007199254740992"],
    ["'{9007199254740993,NULL}'::int8[]", "[9007199254740992,null]"],
    ["12345678901234567890.5::numeric", "12345678901234567000"],
    ["'NaN'::numeric", '"NaN"'],
    ["'{Infinity,-Infinity}'::float8[]", '["Infinity","-Infinity"]'],
    ["'2020-01-31 23:30:15.9-02:30'::timestamptz", '"2020-02-01T02:00:15Z"'],
    ["'0044-03-15 BC'::date", '"-43-03-15T00:00:00Z"'],
    ["'infinity'::timestamp", '"Infinity"'],
    [
      "'-1 year 3 days -02:03:04.5'::interval",
      '{"years":-1,"days":3,"hours":-2,"minutes":-3,"seconds":-4,"milliseconds":-500}'
    ],
    ["'0'::interval", "{}"],
    [`'{"b": [1, null],  "a": "x"}'::json`, '{"b":[1,null],"a":"x"}'],
    ["'null'::jsonb", "null"],
    ["'\\x00ff'::bytea", '{"type":"Buffer","data":[0,255]}'],
    ["'(1,2.5)'::point", '{"x":1,"y":2.5}'],
    [
      `ARRAY['a "quote"', 'back\\slash', 'NULL', NULL, '', '{x,y}']`,
      '["a \\"quote\\"","back\\\\slash","NULL",null,"","{x,y}"]'
    ],
    ["'[2:3]={1,2}'::int[]", "[1,2]"],
    ["'{{t,f},{NULL,t}}'::bool[]", "[[true,false],[null,true]]"],
    ["'{a,b}'::name[]", '"{a,b}"'],
    ["'{\"2020-01-31 12:00:00\"}'::timestamp[]", '["2020-01-31T12:00:00Z"]'],
    ["E'line\\nbreak\\t\\\\ \\u2028'", '"line\\nbreak\\t\\\\ \u2028"'],
    ["ROW(1,'x')", '"(1,x)"']
  ])("%s is %s", ([expression, expected]) =>
    Effect.gen(function* () {
      const { text } = yield* query({ q: `SELECT ${expression} AS v` })
      assert.strictEqual(/^\{"rows":\[\{"v":(.*)\}\],"time"/s.exec(text)?.[1], expected)
    })
  )

  it.effect("types made by a user are unknown, domains are their base type", () =>
    Effect.gen(function* () {
      yield* query({ q: "CREATE TYPE mood AS ENUM ('ok'); CREATE DOMAIN tiny AS int2" })
      const { fields } = json(yield* query({ q: "SELECT 'ok'::mood AS m, 1::tiny AS t, ARRAY['ok'::mood] AS a" }))
      assert.match(fields.m.type, /^unknown\(\d+\)$/)
      assert.match(fields.a.type, /^unknown\(\d+\)$/)
      assert.deepStrictEqual(fields.t, { type: "number", pgtype: "int2" })
    })
  )

  it.effect.each<readonly [string, object]>([
    ["geometry(PointZ, 3857)", { type: "geometry", wkbtype: "Point", dims: 3, srid: 3857 }],
    ["geometry(MultiPolygonZM, 4326)", { type: "geometry", wkbtype: "MultiPolygon", dims: 4, srid: 4326 }],
    ["geometry", { type: "geometry", dims: 4, srid: -1 }],
    ["interval", { type: "number", pgtype: "interval" }],
    ["uuid[]", { type: "_uuid[]", pgtype: "_uuid" }],
    ["time", { type: "date", pgtype: "time" }]
  ])("the field of %s is described", ([type, expected]) =>
    Effect.gen(function* () {
      assert.deepStrictEqual(json(yield* query({ q: `SELECT NULL::${type} AS v` })).fields.v, expected)
    })
  )

  it.effect("a form, a multipart form and a JSON body are read, other types are ignored", () =>
    Effect.gen(function* () {
      const form = yield* post("application/x-www-form-urlencoded", "q=SELECT+1+%2B+1+AS+a")
      assert.deepStrictEqual(json(form).rows, [{ a: 2 }])
      const part = `--x\r\nContent-Disposition: form-data; name="q"\r\n\r\nSELECT 3 AS a\r\n--x--\r\n`
      assert.deepStrictEqual(json(yield* post("multipart/form-data; boundary=x", part)).rows, [{ a: 3 }])
      assert.deepStrictEqual(json(yield* post("application/json", `{"q":"SELECT 4 AS a"}`)).rows, [{ a: 4 }])
      assert.strictEqual((yield* post("text/plain", "q=SELECT+1")).status, 400)
    })
  )

  it.effect("a body wins over the query string, parameter by parameter", () =>
    Effect.gen(function* () {
      const response = yield* post("application/json", `{"q":"SELECT 2 AS a"}`, "?q=SELECT%201%20AS%20a&format=csv")
      assert.strictEqual(response.text, "a,\r\n2\r\n")
    })
  )

  it.effect("statements of two megabytes are read", () =>
    Effect.gen(function* () {
      const q = `SELECT length('${"x".repeat(2_000_000)}') AS n`
      assert.deepStrictEqual(json(yield* post("application/json", JSON.stringify({ q }))).rows, [{ n: 2_000_000 }])
    })
  )

  it.effect("a request line above 8 KB is refused with an empty 431", () =>
    Effect.gen(function* () {
      const response = yield* query({ q: `SELECT 1 /*${"x".repeat(8200)}*/` })
      assert.deepStrictEqual([response.status, response.text], [431, ""])
    })
  )

  it.effect("HEAD runs the statement to its end", () =>
    Effect.gen(function* () {
      yield* query({ q: "DROP TABLE IF EXISTS heads; CREATE TABLE heads (a int)" })
      const response = yield* query(
        { q: "INSERT INTO heads SELECT generate_series(1, 3) RETURNING a" },
        { method: "HEAD" }
      )
      assert.deepStrictEqual([response.status, response.text], [200, ""])
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM heads"), [{ count: 3 }])
    })
  )

  it.effect("several statements are one transaction; the last result set is described", () =>
    Effect.gen(function* () {
      yield* query({ q: "DROP TABLE IF EXISTS many; CREATE TABLE many (a int)" })
      const failed = yield* query({ q: "INSERT INTO many VALUES (1); SELECT 1/0" })
      assert.strictEqual(failed.status, 400)
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM many"), [{ count: 0 }])
      const {
        fields,
        rows: all,
        total_rows
      } = json(yield* query({ q: "SELECT 1 AS a; SELECT 2 AS b; DROP TABLE many" }))
      assert.deepStrictEqual([all, Object.keys(fields), total_rows], [[{ a: 1 }, { b: 2 }], ["b"], 1])
    })
  )

  it.effect("an error behind rows stands in the body of a 200", () =>
    Effect.gen(function* () {
      const response = yield* query({ q: "SELECT 1/(3-i) AS x FROM generate_series(1,5) i" })
      assert.strictEqual(response.status, 200)
      const { error, rows, total_rows } = json(response)
      assert.deepStrictEqual([rows, total_rows, error], [[{ x: 0 }, { x: 1 }], 2, ["division by zero"]])
    })
  )

  it.effect("notices stand under their severity, in their order", () =>
    Effect.gen(function* () {
      const q = "DO $$ BEGIN RAISE WARNING 'w1'; RAISE NOTICE 'n1'; RAISE WARNING 'w2'; RAISE INFO 'i1'; END $$"
      const body = json(yield* query({ q }))
      assert.deepStrictEqual(Object.keys(body).slice(4), ["warnings", "notices", "infos"])
      assert.deepStrictEqual(body.warnings, ["w1", "w2"])
    })
  )

  it.effect("paging wraps a SELECT behind common table expressions and a comment, and nothing else", () =>
    Effect.gen(function* () {
      const paged = { rows_per_page: "2", page: "1", order_by: "i", sort_order: "DESC" }
      const q = "WITH s AS (SELECT generate_series(1,5) AS i) SELECT * FROM s; -- all of them"
      assert.deepStrictEqual(json(yield* query({ q, ...paged })).rows, [{ i: 3 }, { i: 2 }])
      assert.deepStrictEqual(json(yield* query({ q: "VALUES (1),(2),(3)", ...paged })).total_rows, 3)
    })
  )

  it.effect("columns are skipped by list and by repetition", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const q = encodeURIComponent("SELECT 1 AS a, 2 AS b, 3 AS c, 4 AS d")
      const response = yield* send(`${emulator.url}/api/v2/sql?q=${q}&skipfields=a,b&skipfields=d`)
      assert.deepStrictEqual(json(response).rows, [{ c: 3 }])
      assert.deepStrictEqual(Object.keys(json(response).fields), ["c"])
    })
  )

  it.effect("JSONP wraps answers with status 200, and refusals, too", () =>
    Effect.gen(function* () {
      assert.match((yield* query({ q: "SELECT 1 AS a", callback: "cb" })).text, /^cb\(\{"rows":\[\{"a":1\}\].*\}\)$/)
      const refused = yield* query({ q: "SELECT nope", callback: "cb" })
      assert.deepStrictEqual(
        [refused.status, refused.headers["content-type"], refused.text],
        [
          200,
          "text/javascript; charset=utf-8",
          `/**/ typeof cb === 'function' && cb({"error":["column \\"nope\\" does not exist"]});`
        ]
      )
    })
  )

  it.effect("an answer that writes is not kept by caches, one that reads no table is", () =>
    Effect.gen(function* () {
      const cacheControl = (q: string, more = {}) =>
        Effect.map(query({ q, ...more }), ({ headers }) => headers["cache-control"])
      assert.strictEqual(yield* cacheControl("SELECT 1"), "no-cache,max-age=31536000,must-revalidate,public")
      assert.strictEqual(yield* cacheControl("SELECT 'please delete'"), "no-cache,max-age=0,must-revalidate,public")
      assert.strictEqual(yield* cacheControl("SELECT 1", { cache_policy: "persist" }), "public,max-age=31536000")
    })
  )

  it.effect("a statement over its time answers 429 without Retry-After, and the next one runs", () =>
    Effect.gen(function* () {
      const response = yield* query({ q: "SELECT count(*) FROM generate_series(1, 100000000000)" })
      assert.strictEqual(response.status, 429)
      assert.strictEqual(response.headers["retry-after"], undefined)
      assert.strictEqual(json(response).detail, "datasource")
      assert.deepStrictEqual(yield* rows("SELECT 1 AS a"), [{ a: 1 }])
    }).pipe(Effect.provide(impatient))
  )

  it.effect("a client that leaves cancels its statement and rolls it back", () =>
    Effect.gen(function* () {
      yield* query({ q: "DROP TABLE IF EXISTS left_behind; CREATE TABLE left_behind (a int)" })
      const q = "INSERT INTO left_behind SELECT 1 FROM generate_series(1, 100000000000)"
      const fiber = yield* Effect.forkChild(query({ q }))
      yield* Effect.delay(Fiber.interrupt(fiber), "200 millis")
      assert.deepStrictEqual(yield* rows("SELECT count(*) FROM left_behind"), [{ count: 0 }])
    })
  )

  it.effect("system tables are for the master key; views over them are for all", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const asPublic = (q: string) => send(`${emulator.url}/api/v2/sql?q=${encodeURIComponent(q)}`)
      const refused = yield* asPublic("SELECT relname FROM pg_class LIMIT 1")
      assert.deepStrictEqual([refused.status, json(refused)], [403, { error: ["system tables are forbidden"] }])
      assert.strictEqual((yield* asPublic("SELECT table_name FROM information_schema.tables LIMIT 1")).status, 200)
      assert.strictEqual((yield* query({ q: "SELECT relname FROM pg_class LIMIT 1" })).status, 200)
    })
  )

  it.effect("the APIs that the emulator does not have are 501, unknown paths are a page of HTML", () =>
    Effect.gen(function* () {
      const { url } = yield* Emulator
      const missing = yield* send(`${url}/api/v4/connections`)
      assert.deepStrictEqual(
        [missing.status, json(missing)],
        [501, { error: ["connections is not implemented by the local emulator"] }]
      )
      const unknown = yield* send(`${url}/api/v2/<nope>`)
      assert.strictEqual(unknown.status, 404)
      assert.include(unknown.text, "<pre>Cannot GET /user/alice/api/v2/%3Cnope%3E</pre>")
    })
  )

  it.effect("health follows the database, version does not need it", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const health = yield* send(`${emulator.origin}/api/v1/health`)
      assert.deepStrictEqual([health.status, json(health).ok], [200, true])
      assert.deepStrictEqual(json(yield* send(`${emulator.origin}/api/v1/version`)), { cartodb_sql_api: "6.0.0" })
    })
  )

  it.effect("tables that the master key makes belong to the owner's role", () =>
    Effect.gen(function* () {
      yield* query({ q: "DROP TABLE IF EXISTS owned; CREATE TABLE owned (a int)" })
      const [table] = yield* (yield* Database).rows("SELECT tableowner FROM pg_tables WHERE tablename = 'owned'")
      assert.strictEqual(table?.tableowner, ownerRole)
    })
  )
})
