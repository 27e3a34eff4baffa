import { gunzipSync, gzipSync } from "node:zlib"
import { assert, it } from "@effect/vitest"
import { CartoError, Geometry, Sql, SqlCopy } from "@effect-carto/core"
import { Effect, Fiber, Ref, Result, Schema, Stream } from "effect"
import { Emulator } from "../../src/Emulator.ts"
import { serverError } from "../../src/Faults.ts"
import { connected, layer } from "./layer.ts"

const utf8 = new TextEncoder()
const csv = (...lines: ReadonlyArray<string>) => Stream.make(utf8.encode(`${lines.join("\n")}\n`))
const text = <E, R>(bytes: Stream.Stream<Uint8Array, E, R>) => Stream.mkString(Stream.decodeText(bytes))
const reasonOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => {
    assert.instanceOf(error, CartoError)
    return error.reason
  })
const count = (table: string) =>
  Effect.gen(function* () {
    const sql = yield* Sql
    const { rows } = yield* sql.query(Schema.Struct({ n: Schema.Int }))(
      sql.unsafe(`select count(*)::int4 as n from ${table}`)
    )
    return rows[0]?.n
  })
const create = (table: string, columns: string) =>
  Effect.flatMap(Sql, (sql) => sql.execute(sql.unsafe(`create table ${table} (${columns})`)))

it.layer(layer, { timeout: "120 seconds", excludeTestServices: true })("SqlCopy against the emulator", (it) => {
  it.effect("loads CSV with a header and gives it back", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      yield* create("cities", "name text, population int8")
      const result = yield* copy.from("cities", csv("name,population", "Lima,10", '"Ó, ""x""",'), {
        columns: ["name", "population"]
      })
      assert.strictEqual(result.rows, 2)
      assert.strictEqual(result.bytes, 37)
      assert.strictEqual(yield* text(copy.to("cities")), 'name,population\nLima,10\n"Ó, ""x""",\n')
      assert.strictEqual(
        yield* text(copy.to("cities", { columns: ["population"], format: "text", null: "?" })),
        "10\n?\n"
      )
    })
  )

  it.effect("compresses when told", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      yield* create("compressed", "a int")
      const lines = Array.from({ length: 50_000 }, (_, i) => String(i))
      assert.strictEqual(
        (yield* copy.from("compressed", csv(...lines), { header: false, compression: "gzip" })).rows,
        50_000
      )
    })
  )

  it.effect("loads typed rows by their schema", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      const sql = yield* Sql
      yield* create("typed", "id int8, label text, at timestamptz, the_geom geometry(Point,4326), tags text[]")
      const Typed = Schema.Struct({
        id: Schema.BigInt,
        label: Schema.NullOr(Schema.String),
        the_geom: Geometry,
        tags: Schema.Array(Schema.String)
      })
      const point = Result.getOrThrow(Geometry.fromGeoJson({ type: "Point", coordinates: [1, 2] }))
      const rows = Stream.range(1, 2000).pipe(
        Stream.map((i) => ({
          id: BigInt(i),
          label: i % 2 === 0 ? null : `tab\t line\n back\\ ${i}`,
          the_geom: point,
          tags: ["a,b", 'q"']
        }))
      )
      assert.strictEqual((yield* copy.fromRows("typed", Typed, rows)).rows, 2000)
      const back = yield* sql.stream(Typed)`select id, label, the_geom, tags from typed order by id`.pipe(
        Stream.runCollect
      )
      assert.strictEqual(back.length, 2000)
      assert.deepStrictEqual(back[0]?.label, "tab\t line\n back\\ 1")
      assert.isNull(back[1]?.label)
      assert.deepStrictEqual(back[0]?.tags, ["a,b", 'q"'])
      assert.strictEqual(back[0]?.the_geom.hex, point.hex)
    })
  )

  it.effect("quotes names of any kind", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      yield* create('"Odd ""name"" ;--"', '"a b" int, "select" int')
      const options = { columns: ["a b", "select"], header: false }
      assert.strictEqual((yield* copy.from('public.Odd "name" ;--', csv("1,2"), options)).rows, 1)
      assert.strictEqual(yield* text(copy.to('Odd "name" ;--')), "a b,select\n1,2\n")
    })
  )

  it.effect("a bad row in the middle fails with the server's reason and stores nothing", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      yield* create("strict", "a int")
      const lines = Array.from({ length: 10_000 }, (_, i) => (i === 5_000 ? "x" : String(i)))
      const reason = yield* reasonOf(copy.from("strict", csv(...lines), { header: false }))
      assert.strictEqual(reason.message, 'invalid input syntax for type integer: "x"')
      assert.strictEqual(yield* count("strict"), 0)
    })
  )

  it.effect("stops the upload as soon as the server answers", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      yield* create("early", "a int")
      const sent = yield* Ref.make(0)
      const chunk = utf8.encode("1\n".repeat(1 << 19))
      const endless = Stream.make(utf8.encode("bad\n")).pipe(
        Stream.concat(Stream.forever(Stream.make(chunk))),
        Stream.tap((bytes) => Ref.update(sent, (n) => n + bytes.length))
      )
      const reason = yield* reasonOf(copy.from("early", endless, { header: false }))
      assert.strictEqual(reason.message, 'invalid input syntax for type integer: "bad"')
      assert.isBelow(yield* Ref.get(sent), 200 << 20)
    })
  )

  it.effect("a failing source fails with its own error and stores nothing", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      yield* create("half", "a int")
      const source = csv("1", "2").pipe(Stream.concat(Stream.fail("disk gone" as const)))
      assert.strictEqual(yield* Effect.flip(copy.from("half", source, { header: false })), "disk gone")
      assert.strictEqual(yield* count("half"), 0)
    })
  )

  it.effect("an interrupted upload stores nothing", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      yield* create("interrupted", "a int")
      const fiber = yield* Effect.forkChild(
        copy.from("interrupted", csv("1").pipe(Stream.concat(Stream.never)), { header: false })
      )
      yield* Effect.yieldNow
      yield* Fiber.interrupt(fiber)
      assert.strictEqual(yield* count("interrupted"), 0)
    })
  )

  it.effect("no rows at all is told", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      yield* create("empty", "a int")
      const reason = yield* reasonOf(copy.from("empty", csv("a")))
      assert.strictEqual(reason._tag, "ValidationError")
      assert.strictEqual(reason.message, "No rows copied")
    })
  )

  it.effect("a missing table is told by name", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      assert.match((yield* reasonOf(copy.from("nowhere", csv("1")))).message, /relation "nowhere" does not exist/)
      assert.match((yield* reasonOf(text(copy.to("nowhere")))).message, /relation "nowhere" does not exist/)
    })
  )

  it.effect("an error behind the data is raised, and is no part of the data", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      const sql = yield* Sql
      let data = ""
      const reason = yield* reasonOf(
        copy.to(sql.unsafe("select 1/(90000-i) as x from generate_series(1,100000) i"), { header: false }).pipe(
          Stream.decodeText,
          Stream.runForEach((part) => Effect.sync(() => (data += part)))
        )
      )
      assert.strictEqual(reason.message, "division by zero")
      assert.match(data, /^(0\n|1\n)+$/)
    })
  )

  it.effect("statements that would poison the connection are refused before they are sent", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      const { faults } = yield* Emulator
      yield* faults.inject(serverError(500, "it was sent"), { path: "/sql/copy", times: 100 })
      for (const statement of [
        "copy cities from stdin; select 1",
        "copy cities to stdout",
        "copy cities from '/etc/passwd'",
        "select 1",
        "copy cities from stdin /* open"
      ]) {
        assert.strictEqual(
          (yield* reasonOf(copy.fromStatement(statement, csv("1"))))._tag,
          "ValidationError",
          statement
        )
      }
      assert.strictEqual((yield* reasonOf(text(copy.toStatement("copy cities from stdin"))))._tag, "ValidationError")
      yield* faults.clear
    })
  )

  it.effect("long statements go by POST body", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      const sql = yield* Sql
      const padding = "x".repeat(50_000)
      assert.strictEqual(
        yield* text(copy.to(sql.unsafe(`select length('${padding}') as n`), { header: false })),
        "50000\n"
      )
    })
  )

  it.effect("tells progress", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      yield* create("progress", "a int")
      const seen: Array<number> = []
      const chunks = Stream.make(utf8.encode("1\n"), utf8.encode("22\n"), utf8.encode("333\n"))
      yield* copy.from("progress", chunks, {
        header: false,
        onProgress: ({ bytes }) => Effect.sync(() => void seen.push(bytes))
      })
      assert.deepStrictEqual(seen, [2, 5, 9])
    })
  )

  it.effect("a rate limit before the data is waited for, and the source runs again", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      const { setRateLimit } = yield* Emulator
      yield* create("paced", "a int")
      yield* setRateLimit("copy_from", [{ burst: 0, count: 1, period: "1 second" }])
      yield* copy.from("paced", csv("1"), { header: false })
      yield* copy.from("paced", csv("2"), { header: false })
      assert.strictEqual(yield* count("paced"), 2)
      yield* setRateLimit("copy_from", [])
    }).pipe(Effect.provide(connected({ retries: 3 }), { local: true }))
  )

  it.effect("reads what it is given, gzip or not, byte for byte", () =>
    Effect.gen(function* () {
      const copy = yield* SqlCopy
      yield* create("raw", "a bytea")
      const bytes = gzipSync("x")
      const row = `\\\\x${Buffer.from(bytes).toString("hex")}\n`
      yield* copy.fromStatement("COPY raw FROM STDIN", Stream.make(utf8.encode(row)))
      const sql = yield* Sql
      const { rows } = yield* sql.query()`select a from raw`
      const back = rows[0]?.a
      assert.instanceOf(back, Uint8Array)
      if (back instanceof Uint8Array) assert.strictEqual(gunzipSync(back).toString(), "x")
    })
  )
})
