import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Fiber, Layer, Redacted, Result, Schema, Stream } from "effect"
import { SqlClient, type SqlError } from "effect/sql"
import { TestClock } from "effect/testing"
import { Auth } from "../src/Auth.ts"
import { CartoClient } from "../src/CartoClient.ts"
import type { CartoError } from "../src/CartoError.ts"
import * as Deadline from "../src/Deadline.ts"
import { Sql, type SqlOptions } from "../src/Sql.ts"
import { HttpMock, type Reply } from "./HttpMock.ts"
import { reasonOf, seen } from "./platform.ts"

const layer = (replies: ReadonlyArray<Reply>, options?: SqlOptions) =>
  Sql.layer(options).pipe(
    Layer.provide(CartoClient.layer()),
    Layer.provide(Auth.layer({ url: "https://alice.carto.com", apiKey: Redacted.make("key-of-alice") })),
    Layer.provideMerge(HttpMock.layer(replies))
  )

const answer = (rows: ReadonlyArray<object>, fields: object = {}, more: object = {}): Reply => ({
  body: { rows, time: 0.012, fields, total_rows: rows.length, ...more }
})
const number = { type: "number", pgtype: "int4" }
const bodies = Effect.map(seen, (all) => all.map(({ body }): Readonly<Record<string, string>> => JSON.parse(body)))

describe("Sql.query", () => {
  it.effect("posts the statement as JSON", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      const { rows, time, totalRows } = yield* sql.query()`select ${"it's"} as t, ${-1} as n`
      assert.deepStrictEqual(rows, [{ a: 1 }])
      assert.strictEqual(totalRows, 1)
      assert.strictEqual(Duration.toMillis(time), 12)
      const [request] = yield* seen
      assert.strictEqual(request?.url, "https://alice.carto.com/api/v2/sql?client=effect-carto")
      assert.deepStrictEqual(yield* bodies, [{ q: "select 'it''s' as t, (-1) as n" }])
    }).pipe(Effect.provide(layer([answer([{ a: 1 }], { a: number })])))
  )

  it.effect("refuses values inside of quotes and comments, where they could end them", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      const client = yield* SqlClient.SqlClient
      const evil = "' or true --\n"
      const attempts: ReadonlyArray<Effect.Effect<unknown, CartoError | SqlError.SqlError>> = [
        sql.query()`select 1 where 'a' like '%${evil}%'`,
        sql.query()`select 1 -- ${evil}`,
        sql.query()`select 1 /* ${evil} */`,
        sql.query()`select $$${evil}$$`,
        sql.query()`select "${evil}"`,
        sql.query()(client`select '${client`${evil}`}'`),
        client`select '${evil}'`
      ]
      for (const attempt of attempts) {
        const error = yield* Effect.flip(attempt)
        assert.match(error.message, /inside quotes or a comment/)
      }
      assert.strictEqual((yield* seen).length, 0)
    }).pipe(Effect.provide(layer([answer([])])))
  )

  it.effect("sends every option by its name on the wire", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      yield* sql.query({
        skipFields: ["a", "b"],
        rowsPerPage: 10,
        page: 0,
        orderBy: "c",
        sortOrder: "desc",
        cachePolicy: "persist"
      })`select 1`
      assert.deepStrictEqual(yield* bodies, [
        {
          q: "select 1",
          skipfields: "a,b",
          rows_per_page: "10",
          page: "0",
          order_by: "c",
          sort_order: "desc",
          cache_policy: "persist"
        }
      ])
    }).pipe(Effect.provide(layer([answer([])])))
  )

  it.effect("puts everything into the address with GET, and speaks v1 when told", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      yield* sql.query({ method: "GET", page: 2, rowsPerPage: 5 })`select '%&+'`
      const [request] = yield* seen
      assert.strictEqual(request?.method, "GET")
      const url = new URL(request?.url ?? "")
      assert.strictEqual(url.pathname, "/api/v1/sql")
      assert.deepStrictEqual(Object.fromEntries(url.searchParams), {
        q: "select '%&+'",
        page: "2",
        rows_per_page: "5",
        client: "effect-carto"
      })
    }).pipe(Effect.provide(layer([answer([])], { apiVersion: "v1" })))
  )

  it.effect("reads columns that JSON rounds again as text", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      const { inexact, rows } = yield* sql.query()`select a, at from t -- all`
      assert.deepStrictEqual(inexact, [])
      const at = rows[0]?.at
      assert.isTrue(DateTime.isDateTime(at) && at.epochMilliseconds === 1577836800000.001)
      assert.strictEqual(
        (yield* bodies)[1]?.q,
        'select "a", "at"::text as "at" from (select a, at from t\n) as "_carto"'
      )
    }).pipe(
      Effect.provide(
        layer([
          answer([{ a: 1, at: "2020-01-01T00:00:00Z" }], { a: number, at: { type: "date", pgtype: "timestamptz" } }),
          answer([{ a: 1, at: "2020-01-01 00:00:00.000001+00" }], { a: number, at: { type: "string", pgtype: "text" } })
        ])
      )
    )
  )

  const instants = answer([{ at: "2020-01-01T00:00:00Z" }], { at: { type: "date", pgtype: "timestamptz" } })
  for (const [what, text, options] of [
    ["a statement that writes", "insert into t values (1) returning at", {}],
    ["a function that may write", "select at from book_a_seat(7)", {}],
    ["an answer that is good enough", "select at from t", { exact: false }]
  ] as const) {
    it.effect(`does not run ${what} twice, and names its columns`, () =>
      Effect.gen(function* () {
        const sql = yield* Sql
        const { inexact, rows } = yield* sql.query(options)(sql.unsafe(text))
        assert.deepStrictEqual(inexact, ["at"])
        assert.strictEqual(rows.length, 1)
        assert.strictEqual((yield* seen).length, 1)
      }).pipe(Effect.provide(layer([instants])))
    )
  }

  it.effect("asks only once when there is nothing to round", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      const { rows } = yield* sql.query()`select n, l from t`
      assert.deepStrictEqual(rows, [{ n: null, l: 7n }])
      assert.strictEqual((yield* seen).length, 1)
    }).pipe(
      Effect.provide(
        layer([
          answer([{ n: null, l: 7 }], {
            n: { type: "number", pgtype: "numeric" },
            l: { type: "number", pgtype: "int8" }
          })
        ])
      )
    )
  )

  it.effect("repeats a reading statement after a lost connection, and only that", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      const fiber = yield* Effect.forkChild(sql.query()`select 1`)
      yield* TestClock.adjust("1 second")
      yield* Fiber.join(fiber)
      assert.strictEqual((yield* seen).length, 2)
    }).pipe(Effect.provide(layer([{ error: { code: "ECONNRESET", message: "read ECONNRESET" } }, answer([{ a: 1 }])])))
  )

  for (const text of ["insert into t values (1)", "select nextval('s')", "select 1; drop table t"]) {
    it.effect(`does not repeat ${text} after a lost connection, by POST or GET`, () =>
      Effect.gen(function* () {
        const sql = yield* Sql
        for (const method of ["POST", "GET"] as const) {
          assert.strictEqual((yield* reasonOf(sql.query({ method })(sql.unsafe(text))))._tag, "TransportError")
        }
        assert.strictEqual((yield* seen).length, 2)
      }).pipe(Effect.provide(layer([{ error: { code: "ECONNRESET", message: "read ECONNRESET" } }])))
    )
  }

  it.effect("knows a timeout in a 200 answer by its text", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      const error = yield* Effect.flip(sql.query()`select 1`)
      assert.strictEqual(error.reason._tag, "StatementTimeoutError")
      assert.deepStrictEqual(error.rows, [{ a: 1 }])
      assert.notInclude(JSON.stringify(error), '"a"')
    }).pipe(
      Effect.provide(
        layer([
          answer(
            [{ a: 1 }],
            {},
            {
              error: [
                "You are over platform's limits: SQL query timeout error. Refactor your query before running again or contact CARTO support for more details."
              ]
            }
          )
        ])
      )
    )
  )

  for (const [what, reply, said] of [
    [
      "a page",
      { body: "<!DOCTYPE html><html><title>Welcome</title></html>", headers: { "content-type": "text/html" } },
      "a page came in place of JSON: Welcome"
    ],
    ["a page that says it is JSON", { body: "<html>" }, "a page came in place of JSON"],
    ["JSON that is cut off", { body: '{"rows":[{"a":1},{"a"' }, "the answer is not JSON, or cut off"],
    ["another JSON", { body: { hello: "world" } }, "the answer is JSON without rows"],
    ["nothing", { body: "" }, "the answer is empty"]
  ] as const) {
    it.effect(`calls ${what} with status 200 a ProtocolError`, () =>
      Effect.gen(function* () {
        const sql = yield* Sql
        const { _tag, message } = yield* reasonOf(sql.query()`select 1`)
        assert.deepStrictEqual([_tag, message], ["ProtocolError", said])
      }).pipe(Effect.provide(layer([reply])))
    )
  }

  for (const [text, isSent] of [
    ["copy t to stdout", false],
    ["begin", false],
    ["start transaction; create table t (a int)", false],
    ["/* a */ begin; insert into t values (1); rollback to savepoint a", false],
    ["begin; select 1; commit and chain", false],
    ["begin; select 1; commit", true],
    ["begin; select 1; end; begin; rollback", true],
    ["commit", true],
    ["create function f() returns int begin atomic select 1; end", true]
  ] as const) {
    it.effect(
      `${isSent ? "sends" : "refuses"} ${text}: nothing stays open behind a request, and no data gets lost`,
      () =>
        Effect.gen(function* () {
          const sql = yield* Sql
          const result = yield* Effect.result(sql.execute`${sql.unsafe(text)}`)
          assert.strictEqual((yield* seen).length, isSent ? 1 : 0)
          if (!isSent) assert.strictEqual(Result.isFailure(result) && result.failure.reason._tag, "ValidationError")
        }).pipe(Effect.provide(layer([answer([])])))
    )
  }

  it.effect("reads JSON whatever the content type says", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      assert.deepStrictEqual((yield* sql.query()`select 1`).rows, [{ a: 1 }])
    }).pipe(Effect.provide(layer([{ ...answer([{ a: 1 }]), headers: { "content-type": "text/html" } }])))
  )

  it.effect("one deadline covers both requests of an exact query", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      const fiber = yield* Effect.forkChild(
        Effect.flip(Deadline.within("report", "10 seconds")(sql.query()`select at from t`))
      )
      yield* TestClock.adjust("10 seconds")
      const error = yield* Fiber.join(fiber)
      assert.strictEqual(error.reason._tag, "TimeoutError")
      assert.strictEqual(error.operation, "report")
      assert.strictEqual((yield* seen).length, 2)
    }).pipe(
      Effect.provide(
        layer([instants, { body: new ReadableStream({ pull: () => new Promise<void>(() => undefined) }) }])
      )
    )
  )
})

describe("Sql.stream", () => {
  it.effect("asks for the types, then reads through COPY in binary form with the rest as text", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      yield* Effect.exit(Stream.runDrain(sql.stream()`select a, r from t;`))
      const all = yield* seen
      assert.deepStrictEqual(
        all.map(({ url }) => new URL(url).pathname),
        ["/api/v2/sql", "/api/v2/sql/copyto"]
      )
      assert.deepStrictEqual(
        (yield* bodies).map(({ q }) => q),
        [
          'select * from (select a, r from t\n) as "_carto" limit 0',
          'COPY (select "a", "r"::text as "r" from (select a, r from t\n) as "_carto") TO STDOUT WITH (FORMAT binary)'
        ]
      )
    }).pipe(
      Effect.provide(
        layer([answer([], { a: number, r: { type: "number", pgtype: "int4range" } }), { status: 400, body: "" }])
      )
    )
  )

  it.effect("a row that does not fit the schema is told", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      const reason = yield* reasonOf(
        Stream.runDrain(sql.stream(Schema.Struct({ a: Schema.String }), { via: "json" })`select a from t`)
      )
      assert.strictEqual(reason._tag, "ProtocolError")
      assert.match(reason.message, /does not fit the schema/)
    }).pipe(Effect.provide(layer([answer([], { a: number }), answer([{ a: 1 }], { a: number })])))
  )
})
