/** What every `Database` keeps, whichever PostgreSQL is below it. */
import { assert, type Vitest } from "@effect/vitest"
import { Deferred, Effect, Fiber, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Database, type Message, type RunOptions } from "../src/Database.ts"
import { ownerRole, publicRole } from "../src/sql/roles.ts"

export const owner = { role: ownerRole }

export const assertHealthy = Effect.gen(function* () {
  const db = yield* Database
  assert.deepStrictEqual(yield* db.rows("select 6 * 7 as answer", owner), [{ answer: "42" }])
})

export const errorOf = (sql: string, options?: RunOptions) =>
  Effect.flatMap(Database, (db) => Effect.flip(Stream.runDrain(db.run(sql, options))))

export const run = (sql: string, options?: RunOptions) =>
  Effect.flatMap(Database, (db) => Stream.runCollect(db.run(sql, options)))

/** Enough text for a first piece to arrive while the statement behind it still runs. */
export const announce = "select repeat('.', 100000);"

/** Runs in the background, and returns when the statement after `announce` is on its way. */
export const start = (sql: string, options?: RunOptions) =>
  Effect.gen(function* () {
    const db = yield* Database
    const started = yield* Deferred.make<void>()
    const fiber = yield* Effect.forkChild(
      Stream.runForEach(db.run(announce + sql, options), () => Deferred.succeed(started, undefined))
    )
    yield* Deferred.await(started)
    return fiber
  })

const endless = "select count(*) from generate_series(1, 100000000000)"

const bytes = (...pieces: ReadonlyArray<string>) => Stream.fromIterable(pieces.map((piece) => Buffer.from(piece)))

const table = (name: string) => run(`drop table if exists ${name}; create table ${name} (a int, b text)`, owner)

const content = (name: string) => Effect.flatMap(Database, (db) => db.rows(`select * from ${name} order by a`, owner))

export const contract = (it: Vitest.MethodsNonLive<Database>): void => {
  it.effect("messages arrive in PostgreSQL's order", () =>
    Effect.gen(function* () {
      const messages = yield* run(
        "create temp table t (a int, b text); insert into t values (1, 'é'), (2, null); select * from t",
        owner
      )
      assert.deepStrictEqual<ReadonlyArray<Message>>(messages, [
        { _tag: "CommandComplete", tag: "CREATE TABLE" },
        { _tag: "CommandComplete", tag: "INSERT 0 2" },
        {
          _tag: "RowDescription",
          fields: [
            { name: "a", typeOid: 23, typeModifier: -1 },
            { name: "b", typeOid: 25, typeModifier: -1 }
          ]
        },
        { _tag: "DataRow", cells: ["1", "é"] },
        { _tag: "DataRow", cells: ["2", null] },
        { _tag: "CommandComplete", tag: "SELECT 2" }
      ])
    })
  )

  it.effect("cells keep their text in any script, of any length", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const texts = ["", "plain", "Åsa", "日本語", "🗺️", "x".repeat(300_000), "ü".repeat(100_000)]
      const values = texts.map((text, index) => `(${index}, '${text}')`).join(", ")
      const rows = yield* db.rows(`select t from (values ${values}) v (i, t) order by i`)
      assert.deepStrictEqual(
        rows.map(({ t }) => t),
        texts
      )
    })
  )

  it.effect("many rows arrive whole", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const rows = yield* db.rows("select i, 'row ' || i as t, null as n from generate_series(1, 50000) i")
      assert.strictEqual(rows.length, 50_000)
      assert.isTrue(rows.every(({ i, n, t }, index) => i === String(index + 1) && t === `row ${i}` && n === null))
    })
  )

  it.effect("notices are messages", () =>
    Effect.gen(function* () {
      const messages = yield* run("do $$ begin raise notice 'half way'; raise warning 'careful'; end $$", owner)
      assert.deepStrictEqual<ReadonlyArray<Message>>(messages, [
        { _tag: "Notice", severity: "NOTICE", message: "half way" },
        { _tag: "Notice", severity: "WARNING", message: "careful" },
        { _tag: "CommandComplete", tag: "DO" }
      ])
    })
  )

  it.effect("an error comes after the rows before it, with its code, detail and hint", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const rows: Array<Message> = []
      const error = yield* db.run("select 1 as a; select 1 / 0").pipe(
        Stream.runForEach((message) => Effect.sync(() => rows.push(message))),
        Effect.flip
      )
      assert.deepInclude(rows, { _tag: "DataRow", cells: ["1"] })
      assert.deepInclude(error, { code: "22012", message: "division by zero" })
      const raised = yield* errorOf(
        "do $$ begin raise 'no' using detail = 'why', hint = 'how', errcode = 'P0123'; end $$"
      )
      assert.deepInclude(raised, { code: "P0123", message: "no", detail: "why", hint: "how" })
      yield* assertHealthy
    })
  )

  it.effect("statements of one text succeed or fail together", () =>
    Effect.gen(function* () {
      yield* table("together")
      yield* errorOf("insert into together values (1, 'a'); insert into together values (2 / 0, 'b')", owner)
      assert.deepStrictEqual(yield* content("together"), [])
    })
  )

  it.effect("a transaction that stays open is rolled back", () =>
    Effect.gen(function* () {
      yield* table("left_open")
      yield* run("begin; insert into left_open values (1, 'a')", owner)
      assert.deepStrictEqual(yield* content("left_open"), [])
    })
  )

  it.effect("nothing of a session reaches the next", () =>
    Effect.gen(function* () {
      const db = yield* Database
      yield* run("create temp table secret (a int); set search_path = nowhere; set timezone = 'Asia/Tokyo'", owner)
      assert.deepStrictEqual(yield* db.rows("select to_regclass('secret') as t, current_setting('timezone') as tz"), [
        { t: null, tz: "UTC" }
      ])
    })
  )

  it.effect("only what a role may do is done", () =>
    Effect.gen(function* () {
      const db = yield* Database
      yield* table("of_owner")
      const refused = yield* errorOf("select * from of_owner", { role: publicRole })
      assert.deepInclude(refused, { code: "42501", message: "permission denied for table of_owner" })
      yield* run(`grant select on of_owner to ${publicRole}`, owner)
      assert.deepStrictEqual(yield* db.rows("select * from of_owner", { role: publicRole }), [])
      assert.strictEqual((yield* errorOf("create table public.intruder (a int)", { role: publicRole })).code, "42501")
      assert.deepStrictEqual(yield* db.rows("select current_user as u", owner), [{ u: ownerRole }])
    })
  )

  for (const attempt of [
    "reset role; create role intruder",
    "set role postgres",
    "set session authorization postgres",
    "reset session authorization; create role intruder",
    "select set_config('role', 'postgres', false)",
    "do $$ begin execute 'reset role'; execute 'create role intruder'; end $$",
    "do $$ begin execute 'set local role postgres'; end $$",
    "begin; commit; reset role; create role intruder",
    "select pg_read_file('PG_VERSION')",
    "copy (select 1) to program 'cat'",
    "copy (select 1) to '/tmp/intruder'",
    "alter system set work_mem = '1MB'",
    "alter role current_user superuser",
    "create role intruder superuser"
  ]) {
    it.effect(`SQL does not escape from its role by: ${attempt}`, () =>
      Effect.gen(function* () {
        assert.strictEqual((yield* errorOf(attempt, owner)).code, "42501")
        assert.strictEqual((yield* errorOf(attempt, { role: publicRole })).code, "42501")
        yield* assertHealthy
      })
    )
  }

  it.effect("a role that does not exist runs nothing", () =>
    Effect.gen(function* () {
      const error = yield* errorOf("select 1", { role: "nobody's" })
      assert.deepInclude(error, { code: "42704", message: `role "nobody's" does not exist` })
    })
  )

  it.effect("a statement that runs too long ends with 57014", () =>
    Effect.gen(function* () {
      const fiber = yield* start(endless, { ...owner, statementTimeout: "5 seconds" })
      yield* TestClock.adjust("5 seconds")
      assert.deepInclude(yield* Effect.flip(Fiber.join(fiber)), {
        code: "57014",
        message: "canceling statement due to statement timeout"
      })
      yield* assertHealthy
    })
  )

  it.effect("interruption cancels the statement and undoes its work", () =>
    Effect.gen(function* () {
      yield* table("undone")
      yield* Fiber.interrupt(yield* start(`insert into undone values (1, 'a'); ${endless}`, owner))
      assert.deepStrictEqual(yield* content("undone"), [])
    })
  )

  it.effect("statements wait for their turn", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const answers = yield* Effect.forEach(
        [1, 2, 3, 4, 5, 6, 7, 8],
        (n) => db.rows(`select ${n} as n, count(*) as c from generate_series(1, 10000)`, owner),
        { concurrency: "unbounded" }
      )
      assert.deepStrictEqual(
        answers.flat(),
        [1, 2, 3, 4, 5, 6, 7, 8].map((n) => ({ n: String(n), c: "10000" }))
      )
    })
  )

  it.effect("a slow reader holds PostgreSQL back", () =>
    Effect.gen(function* () {
      const db = yield* Database
      yield* run("create sequence produced", owner)
      const clock = new Int32Array(new SharedArrayBuffer(4))
      yield* db.run("select nextval('produced'), repeat('x', 1000) from generate_series(1, 1000000)", owner).pipe(
        // Blocks this thread, as a reader does that is busy with something else.
        Stream.mapEffect((message) =>
          Effect.as(
            Effect.sync(() => Atomics.wait(clock, 0, 0, 100)),
            message
          )
        ),
        Stream.take(5),
        Stream.runDrain
      )
      const [state] = yield* db.rows("select last_value from produced", owner)
      assert.isBelow(Number(state?.last_value), 50_000)
    })
  )

  it.effect("types are known by name, also those that were just made", () =>
    Effect.gen(function* () {
      const db = yield* Database
      assert.strictEqual(yield* db.typeName(23), "int4")
      assert.strictEqual(yield* db.typeName(1009), "_text")
      assert.strictEqual(yield* db.typeName(999_999_999), undefined)
      yield* run("create type mood as enum ('fine')", owner)
      const [field] = yield* db.run("select null::geometry as g, 'fine'::mood as m", owner).pipe(
        Stream.filter((message) => message._tag === "RowDescription"),
        Stream.runCollect
      )
      const names = yield* Effect.forEach(field?.fields ?? [], ({ typeOid }) => db.typeName(typeOid))
      assert.deepStrictEqual(names, ["geometry", "mood"])
    })
  )

  it.effect("COPY stores a stream, wherever its pieces are cut", () =>
    Effect.gen(function* () {
      yield* table("copied")
      const messages = yield* run("copy copied from stdin (format csv)", {
        ...owner,
        input: bytes("1,on", "e\n2,t", "wo\n", "", "3,drei\n")
      })
      assert.deepStrictEqual<ReadonlyArray<Message>>(messages, [{ _tag: "CommandComplete", tag: "COPY 3" }])
      assert.deepStrictEqual(yield* content("copied"), [
        { a: "1", b: "one" },
        { a: "2", b: "two" },
        { a: "3", b: "drei" }
      ])
    })
  )

  it.effect("COPY takes and gives pieces larger than any buffer", () =>
    Effect.gen(function* () {
      const db = yield* Database
      yield* table("large")
      const line = (n: number) => `${n}\t${"y".repeat(90)}\n`
      const text = Array.from({ length: 100_000 }, (_, n) => line(n)).join("")
      yield* run("copy large from stdin", { ...owner, input: bytes(text) })
      const pieces = yield* Stream.runCollect(db.run("copy (select * from large order by a) to stdout", owner))
      const out = Buffer.concat(pieces.flatMap((piece) => (piece._tag === "CopyData" ? [piece.bytes] : [])))
      assert.isTrue(out.equals(Buffer.from(text)))
      assert.deepStrictEqual(pieces.at(-1), { _tag: "CommandComplete", tag: "COPY 100000" })
      yield* run("drop table large", owner)
    })
  )

  it.effect("a bad row stores nothing", () =>
    Effect.gen(function* () {
      yield* table("bad")
      const error = yield* errorOf("copy bad from stdin", { ...owner, input: bytes("1\ta\n", "x\tb\n") })
      assert.deepInclude(error, { code: "22P02", message: `invalid input syntax for type integer: "x"` })
      assert.deepStrictEqual(yield* content("bad"), [])
    })
  )

  it.effect("a failing input stores nothing and says why", () =>
    Effect.gen(function* () {
      yield* table("failed")
      const input = Stream.concat(bytes("1\ta\n"), Stream.fail(new Error("the disk is gone")))
      const error = yield* errorOf("copy failed from stdin", { ...owner, input })
      assert.deepInclude(error, { code: "57014", message: "COPY from stdin failed: the disk is gone" })
      assert.deepStrictEqual(yield* content("failed"), [])
    })
  )

  it.effect("interruption in the middle of a COPY stores nothing", () =>
    Effect.gen(function* () {
      const db = yield* Database
      yield* table("aborted")
      const reading = yield* Deferred.make<void>()
      const input = Stream.concat(
        bytes("1\ta\n"),
        Stream.fromEffect(Effect.andThen(Deferred.succeed(reading, undefined), Effect.never))
      )
      const fiber = yield* Effect.forkChild(Stream.runDrain(db.run("copy aborted from stdin", { ...owner, input })))
      yield* Deferred.await(reading)
      yield* Fiber.interrupt(fiber)
      assert.deepStrictEqual(yield* content("aborted"), [])
    })
  )

  it.effect("a COPY that fails at once does not read its input to the end", () =>
    Effect.gen(function* () {
      const input = Stream.forever(bytes("1\ta\n"))
      assert.strictEqual((yield* errorOf("copy missing from stdin", { ...owner, input })).code, "42P01")
      assert.deepStrictEqual(
        yield* run("select 1 as a; select 2 as a", { ...owner, input }),
        yield* run("select 1 as a; select 2 as a")
      )
      yield* assertHealthy
    })
  )

  it.effect("COPY FROM STDIN without an input is refused", () =>
    Effect.gen(function* () {
      yield* table("no_input")
      const error = yield* errorOf("copy no_input from stdin", owner)
      assert.strictEqual(error.message, "COPY from stdin failed: No source stream defined")
      yield* assertHealthy
    })
  )

  it.effect("PostGIS answers", () =>
    Effect.gen(function* () {
      const db = yield* Database
      const [row] = yield* db.rows(
        "select ST_AsText(ST_Transform(ST_SetSRID(ST_MakePoint(10, 50), 4326), 3857), 0) as p, ST_IsValid('POLYGON((0 0,1 1,1 0,0 1,0 0))') as v",
        { role: publicRole }
      )
      assert.deepStrictEqual(row, { p: "POINT(1113195 6446276)", v: "f" })
    })
  )
}
