import { assert, it } from "@effect/vitest"
import { CartoError, Geometry, Interval, Sql, SqlCopy } from "@effect-carto/core"
import { BigDecimal, DateTime, Effect, Exit, Redacted, Schema, Stream } from "effect"
import { Model } from "effect/schema"
import { SqlClient, SqlModel, SqlSchema } from "effect/sql"
import { connected, layer } from "./layer.ts"

const reasonOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => {
    assert.instanceOf(error, CartoError)
    return error.reason
  })

it.layer(layer, { timeout: "120 seconds", excludeTestServices: true })("Sql against the emulator", (it) => {
  it.effect("decodes rows by type without a schema", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      const good = yield* sql.query()`select 1::int4 as i, 9007199254740993::int8 as l,
        1.10::numeric as n, 'NaN'::float8 as f, true as b, 'x' as t, '2020-01-02'::date as d,
        '2020-01-02T03:04:05.678901Z'::timestamptz as ts, '1 mon 2 days'::interval as iv, ${Uint8Array.of(1, 2)} as by,
        '{"a":[1,null]}'::jsonb as j, array[1,null,3]::int4[] as a, '[1,5)'::int4range as r,
        ST_SetSRID(ST_MakePoint(1.5,2.5),4326) as g, null::text as nothing`
      const row = good.rows[0] ?? {}
      assert.strictEqual(row.i, 1)
      assert.strictEqual(row.l, 9007199254740993n)
      assert.strictEqual(row.n, "1.10")
      assert.isNaN(row.f)
      assert.strictEqual(row.d, "2020-01-02")
      assert.isTrue(DateTime.isDateTime(row.ts))
      if (DateTime.isDateTime(row.ts)) assert.strictEqual(row.ts.epochMilliseconds, 1577934245678.901)
      assert.instanceOf(row.iv, Interval)
      assert.deepStrictEqual(row.by, Uint8Array.of(1, 2))
      assert.deepStrictEqual(row.j, { a: [1, null] })
      assert.deepStrictEqual(row.a, [1, null, 3])
      assert.strictEqual(row.r, "[1,5)")
      assert.instanceOf(row.g, Geometry)
      assert.isNull(row.nothing)
      assert.deepStrictEqual(good.inexact, [])
    })
  )

  it.effect("decodes rows by the caller's schema", () =>
    Effect.gen(function* () {
      const City = Schema.Struct({ name: Schema.String, population: Schema.BigInt, area: Schema.BigDecimalFromString })
      const sql = yield* Sql
      const { rows } = yield* sql.query(City)`select 'Lima' as name, ${1n}::int8 as population, 2.50 as area`
      assert.strictEqual(rows[0]?.population, 1n)
      assert.isTrue(rows[0] !== undefined && BigDecimal.equals(rows[0].area, BigDecimal.fromStringUnsafe("2.5")))
      const reason = yield* reasonOf(sql.query(City)`select 1 as name, ${1n}::int8 as population, 2.50 as area`)
      assert.strictEqual(reason._tag, "ProtocolError")
      assert.include(reason.message, "name")
    })
  )

  it.effect("names the columns that JSON may have rounded where the statement must not run twice", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      yield* sql.execute`create table rounding (n numeric, t timestamptz)`
      const result = yield* sql.query()`insert into rounding values (1.5, now()) returning n, t`
      assert.deepStrictEqual(result.inexact, ["n", "t"])
      const { rows } = yield* sql.query()`select count(*)::int4 as n from rounding`
      assert.strictEqual(rows[0]?.n, 1)
    })
  )

  it.effect("two columns of one name are told where they are in the way", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      const { inexact, rows } = yield* sql.query()`select 1 as a, 2.5 as a`
      assert.deepStrictEqual([rows, inexact], [[{ a: "2.5" }], ["a"]])
      const reason = yield* reasonOf(Stream.runDrain(sql.stream()`select 1 as a, 2 as a`))
      assert.strictEqual(reason.message, '"a" names more than one column of the query')
    })
  )

  it.effect("keeps notices", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      yield* sql.execute`create table if not exists noticed (a int)`
      const { notices } = yield* sql.execute`create table if not exists noticed (a int)`
      assert.deepStrictEqual(notices, ['relation "noticed" already exists, skipping'])
    })
  )

  it.effect("pages, orders and skips fields", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      const { rows } = yield* sql.query({
        rowsPerPage: 2,
        page: 1,
        orderBy: "x",
        sortOrder: "desc",
        skipFields: ["y"]
      })`select x, x as y from generate_series(1,5) x`
      assert.deepStrictEqual(rows, [{ x: 3 }, { x: 2 }])
    })
  )

  it.effect("sends GET when asked", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      assert.deepStrictEqual((yield* sql.query({ method: "GET" })`select ${"a&b=c%"} as t`).rows, [{ t: "a&b=c%" }])
    })
  )

  it.effect("fails with PostgreSQL's message and hint", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      yield* sql.execute`create table hinted (name text)`
      const reason = yield* reasonOf(sql.query()`select nme from hinted`)
      assert.strictEqual(reason._tag, "SqlError")
      assert.strictEqual(reason.message, 'column "nme" does not exist')
      assert.include(reason.advice, "hinted.name")
    })
  )

  it.effect("a 200 answer with an error member is a failure that offers the rows before it", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      const error = yield* Effect.flip(sql.query()`select 1/(3000-i) as x from generate_series(1,4000) i`)
      assert.strictEqual(error.reason._tag, "SqlError")
      assert.strictEqual(error.reason.message, "division by zero")
      assert.isAtLeast(error.rows.length, 1)
    })
  )

  it.effect("all statements of a transaction are done, or none", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      const client = yield* SqlClient.SqlClient
      yield* sql.execute`create table moves (a int primary key)`
      yield* sql.transaction([client`insert into moves values (1)`, client`insert into moves values (2)`])
      const reason = yield* reasonOf(
        sql.transaction([client`insert into moves values (3)`, client`insert into moves values (1)`])
      )
      assert.match(reason.message, /duplicate key/)
      const { rows } = yield* sql.query()`select a from moves order by a`
      assert.deepStrictEqual(rows, [{ a: 1 }, { a: 2 }])
    })
  )

  it.effect("explains", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      const lines = yield* sql.explain()`select * from generate_series(1,10) x where x > ${5}`
      assert.match(lines.join("\n"), /Function Scan on generate_series/)
      assert.match((yield* sql.explain({ analyze: true })`select 1`).join("\n"), /actual time|actual rows/)
    })
  )

  for (const via of ["copy", "json"] as const) {
    it.effect(`streams exact rows through ${via}`, () =>
      Effect.gen(function* () {
        const sql = yield* Sql
        const rows = yield* sql.stream({
          via
        })`select i, i::int8 * 9007199254740993 as big, i + 0.10 as n, '10:00'::time as t,
            array[i::numeric] as ns, '[1,2]'::int4range as r, ST_SetSRID(ST_MakePoint(i,2),4326) as g,
            timestamptz '2020-01-01 00:00:00.000001Z' as at
            from generate_series(1,1000) i -- the end`.pipe(Stream.runCollect)
        assert.strictEqual(rows.length, 1000)
        const last = rows[999] ?? {}
        assert.strictEqual(last.big, 9007199254740993n * 1000n)
        assert.strictEqual(last.n, "1000.10")
        assert.strictEqual(last.t, "10:00:00")
        assert.deepStrictEqual(last.ns, ["1000"])
        assert.strictEqual(last.r, "[1,3)")
        assert.instanceOf(last.g, Geometry)
        assert.isTrue(DateTime.isDateTime(last.at) && last.at.epochMilliseconds === 1577836800000.001)
      })
    )

    it.effect(`raises an error in the middle of a stream through ${via}`, () =>
      Effect.gen(function* () {
        const sql = yield* Sql
        let seen = 0
        const reason = yield* reasonOf(
          sql.stream({ via })`select 1/(90000-i) as x from generate_series(1,100000) i`.pipe(
            Stream.runForEach(() => Effect.sync(() => seen++))
          )
        )
        assert.strictEqual(reason.message, "division by zero")
        assert.isAtLeast(seen, 1)
      })
    )
  }

  it.effect("streams with a schema", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      const sum = yield* sql.stream(Schema.Struct({ x: Schema.Int }))`select x from generate_series(1,1000) x`.pipe(
        Stream.runFold(
          () => 0,
          (sum, { x }) => sum + x
        )
      )
      assert.strictEqual(sum, 500_500)
    })
  )

  it.effect("refuses to stream what is no query", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      const reason = yield* reasonOf(sql.stream()`delete from moves returning a`.pipe(Stream.runDrain))
      assert.strictEqual(reason._tag, "ValidationError")
    })
  )

  it.effect("exports the server's formats", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      const text = (format: "csv" | "geojson" | "svg") =>
        sql.export(format, { decimals: 2 })`select 1 as a, ST_SetSRID(ST_MakePoint(1.23456,2),4326) as the_geom`.pipe(
          Stream.decodeText,
          Stream.mkString
        )
      assert.include(yield* text("geojson"), "[1.23,2]")
      assert.match(yield* text("csv"), /^the_geom,a\r\n0101000020E6100000/)
      assert.include(yield* text("svg"), "<svg")
    })
  )

  it.effect("an export that breaks off with an error fails", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      const reason = yield* reasonOf(
        sql.export("geojson")`select ST_SetSRID(ST_MakePoint(1/(20000-i),1),4326) as the_geom
            from generate_series(1,30000) i`.pipe(Stream.runDrain)
      )
      assert.strictEqual(reason.message, "division by zero")
    })
  )

  it.effect("refuses a value that PostgreSQL cannot hold, before anything is sent", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      for (const value of ["a\u0000b", "\ud800", () => 1, Symbol("x")]) {
        assert.strictEqual((yield* reasonOf(sql.query()`select ${value} as x`))._tag, "ValidationError")
      }
    })
  )

  it.effect("read-only refuses statements that write", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      const copy = yield* SqlCopy
      for (const text of [
        "drop table moves",
        "with x as (delete from moves returning a) select * from x",
        "select 1; delete from moves"
      ]) {
        assert.strictEqual((yield* reasonOf(sql.query()(sql.unsafe(text))))._tag, "ValidationError")
      }
      assert.strictEqual((yield* reasonOf(copy.from("moves", Stream.empty)))._tag, "ValidationError")
      assert.deepStrictEqual((yield* sql.query()`select 1 as a`).rows, [{ a: 1 }])
    }).pipe(Effect.provide(connected({ readOnly: true }), { local: true }))
  )

  it.effect("an unknown key is an AuthError, no key reads what is public", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      assert.strictEqual((yield* reasonOf(sql.query()`select 1`))._tag, "AuthError")
    }).pipe(Effect.provide(connected({ apiKey: Redacted.make("wrong") }), { local: true }))
  )
})

class Place extends Model.Class<Place>("Place")({
  id: Schema.BigInt,
  name: Schema.String
}) {}

it.layer(layer, { timeout: "120 seconds", excludeTestServices: true })("effect's own SQL modules on CARTO", (it) => {
  it.effect("SqlClient inserts, updates, finds in lists and streams", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`create table people (id int8 primary key, name text)`
      yield* sql`insert into people ${sql.insert([
        { id: 1n, name: "O'Brien \\ 🦊" },
        { id: 2n, name: 'Zoë "Z"' }
      ])}`
      yield* sql`update people set ${sql.update({ name: "Zoe" })} where ${sql("id")} in ${sql.in([2n])}`
      assert.deepStrictEqual(yield* sql`select name from people where id in ${sql.in([1n, 2n])} order by id`, [
        { name: "O'Brien \\ 🦊" },
        { name: "Zoe" }
      ])
      assert.deepStrictEqual(yield* sql`select 1 as x where 1 in ${sql.in([])}`, [])
      const streamed = yield* sql`select id from people order by id`.stream.pipe(Stream.runCollect)
      assert.deepStrictEqual(streamed, [{ id: 1n }, { id: 2n }])
      assert.deepStrictEqual(yield* sql`select 1 as a, 2 as b`.values, [[1, 2]])
    })
  )

  it.effect("SqlSchema decodes requests and results", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const find = SqlSchema.findAll({
        Request: Schema.Int,
        Result: Schema.Struct({ x: Schema.Int }),
        execute: (limit) => sql`select x from generate_series(1, ${limit}) x`
      })
      assert.deepStrictEqual(yield* find(2), [{ x: 1 }, { x: 2 }])
    })
  )

  it.effect("SqlModel makes a repository", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`create table places (id int8 primary key, name text)`
      const places = yield* SqlModel.makeRepository(Place, {
        tableName: "places",
        idColumn: "id",
        spanPrefix: "places"
      })
      const lima = yield* places.insert({ id: 1n, name: "Lima" })
      assert.strictEqual(lima.id, 1n)
      yield* places.update({ id: 1n, name: "Lima!" })
      assert.strictEqual((yield* places.findById(1n)).name, "Lima!")
      yield* places.delete(1n)
      assert.isTrue(Exit.isFailure(yield* Effect.exit(places.findById(1n))))
    })
  )

  it.effect("a unique violation is told as one", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      yield* sql`create table once (a int constraint only_once unique)`
      yield* sql`insert into once values (1)`
      const error = yield* Effect.flip(sql`insert into once values (1)`)
      assert.strictEqual(error.reason._tag, "UniqueViolation")
      assert.strictEqual(error.reason._tag === "UniqueViolation" && error.reason.constraint, "only_once")
    })
  )

  it.effect("a transaction across requests is refused with the reason", () =>
    Effect.gen(function* () {
      const sql = yield* SqlClient.SqlClient
      const error = yield* Effect.flip(sql.withTransaction(sql`select 1`))
      assert.match(error.message, /no sessions.*Sql\.transaction/s)
    })
  )
})
