import { createServer } from "node:http"
import { assert, describe, it } from "@effect/vitest"
import { Emulator, PostgresDatabase } from "@effect-carto/emulator"
import { Effect, Fiber, Layer, Redacted, Schedule } from "effect"
import { carto, emulator, home, onEmulator } from "../../harness.ts"

/** What the SQL API answers, as a function of the statement. */
const server = (answer: (statement: string) => { readonly fields: object; readonly rows: ReadonlyArray<object> }) =>
  Effect.acquireRelease(
    Effect.callback<{ readonly url: string; readonly close: () => void }>((resume) => {
      const http = createServer((request, response) => {
        let body = ""
        request.on("data", (data) => (body += String(data)))
        request.on("end", () => {
          const { fields, rows } = answer(JSON.parse(body).q)
          response.setHeader("content-type", "application/json; charset=utf-8")
          response.end(JSON.stringify({ rows, time: 0.001, fields, total_rows: rows.length }))
        })
      })
      http.listen(0, "127.0.0.1", () => {
        const address = http.address()
        const port = typeof address === "object" && address !== null ? address.port : 0
        resume(Effect.succeed({ url: `http://127.0.0.1:${port}/user/alice`, close: () => http.close() }))
      })
    }),
    ({ close }) => Effect.sync(close)
  )

const text = { type: "string", pgtype: "text" }
const fields = {
  pid: { type: "number", pgtype: "int4" },
  role: text,
  state: text,
  seconds: { type: "number", pgtype: "float8" },
  started: text,
  waits_for: text,
  query: text
}

const statement = {
  pid: 4711,
  role: "carto_user",
  state: "active",
  seconds: 75.5,
  started: "2026-04-01T10:00:00.000Z",
  waits_for: null,
  query: `select\n  count(*) from ${"very_".repeat(30)}long`
}

/** A database in which one statement runs until it is cancelled; `isDeaf` ones go on. */
const database = (isDeaf = false) =>
  Effect.gen(function* () {
    const cancelled: Array<string> = []
    const { url } = yield* server((sql) => {
      if (/pg_cancel_backend/.test(sql)) {
        cancelled.push(sql)
        return { fields: { told: { type: "boolean", pgtype: "bool" } }, rows: [{ told: true }] }
      }
      return { fields, rows: cancelled.length > 0 && !isDeaf ? [] : [statement] }
    })
    const env = { HOME: yield* home, CARTO_API_URL: url, CARTO_API_KEY: "k" }
    return { cancelled, env }
  })

describe("carto sql running and cancel", () => {
  it.live("running lists process, age, state and the query, cut to the terminal", () =>
    Effect.gen(function* () {
      const { env } = yield* database()
      const table = yield* carto(["sql", "running"], { env, terminal: 60 })
      assert.strictEqual(table.code, 0, table.stderr)
      const [, , row = "", ...rest] = table.stdout.trimEnd().split("\n")
      assert.match(row, /^4711 +1 m 16 s +active +select/)
      assert.isAtMost(row.length, 60)
      assert.deepStrictEqual(rest, [])
      const json = yield* carto(["sql", "running", "--json", "pid,seconds,query"], { env })
      assert.deepStrictEqual(JSON.parse(json.stdout), [{ pid: 4711, seconds: 75.5, query: statement.query }])
    }).pipe(Effect.scoped)
  )

  it.live("cancel says that the statement has stopped", () =>
    Effect.gen(function* () {
      const { cancelled, env } = yield* database()
      const { code, stderr } = yield* carto(["sql", "cancel", "4711"], { env })
      assert.deepStrictEqual([code, stderr], [0, "cancelled the statement of 4711\n"])
      assert.lengthOf(cancelled, 1)
    }).pipe(Effect.scoped)
  )

  it.live("cancel says so when the statement goes on", () =>
    Effect.gen(function* () {
      const { env } = yield* database(true)
      const { code, stderr, stdout } = yield* carto(["sql", "cancel", "4711", "--jq", ".stopped"], { env })
      assert.deepStrictEqual([code, stdout], [0, "false\n"])
      assert.strictEqual(stderr, "told 4711 to stop, and it still runs; look again with carto sql running\n")
    }).pipe(Effect.scoped)
  )

  it.live("--dry-run cancels nothing", () =>
    Effect.gen(function* () {
      const { cancelled, env } = yield* database()
      const { code, stderr } = yield* carto(["sql", "cancel", "4711", "--dry-run"], { env })
      assert.strictEqual(code, 0)
      assert.include(stderr, "would cancel the statement of 4711")
      assert.lengthOf(cancelled, 0)
    }).pipe(Effect.scoped)
  )

  it.live("cancel refuses what is no process, and tells of one that is not there", () =>
    Effect.gen(function* () {
      const { cancelled, env } = yield* database()
      for (const pid of ["0", "-1", "abc", "3000000000"]) {
        assert.strictEqual((yield* carto(["sql", "cancel", pid], { env })).code, 2, pid)
      }
      const none = yield* carto(["sql", "cancel", "4712"], { env })
      assert.strictEqual(none.code, 1)
      assert.include(none.stderr, "No statement that this key may see runs as 4712.")
      assert.lengthOf(cancelled, 0)
    }).pipe(Effect.scoped)
  )
})

it.layer(emulator.layer, emulator.options)("on a database with one session", (it) => {
  it.effect("nothing runs beside the question, and nothing can be cancelled", () =>
    Effect.gen(function* () {
      const running = yield* onEmulator(["sql", "running", "--jq", "length"])
      assert.deepStrictEqual([running.code, running.stdout], [0, "0\n"])
      const cancel = yield* onEmulator(["sql", "cancel", "1"])
      assert.strictEqual(cancel.code, 1)
      assert.include(cancel.stderr, "No statement that this key may see runs as 1.")
    })
  )
})

const serverUrl = process.env.CARTO_TEST_DATABASE_URL

describe.skipIf(serverUrl === undefined)("on PostgreSQL", () => {
  const layer = Layer.suspend(() =>
    Emulator.layer().pipe(Layer.provide(PostgresDatabase.layer({ url: Redacted.make(serverUrl ?? "") })))
  )
  it.layer(
    layer,
    emulator.options
  )((it) => {
    it.effect("a statement that runs is seen and cancelled", () =>
      Effect.gen(function* () {
        const sleeper = yield* Effect.forkChild(onEmulator(["sql", "query", "select pg_sleep(20)"]))
        const pid = yield* onEmulator([
          ...["sql", "running", "--jq", '.[] | select(.query | test("pg_sleep\\\\(20")) | .pid']
        ]).pipe(
          Effect.map(({ stdout }) => stdout.trim()),
          Effect.repeat({ until: (pid) => pid !== "", schedule: Schedule.spaced("100 millis") })
        )
        const cancel = yield* onEmulator(["sql", "cancel", pid])
        assert.deepStrictEqual([cancel.code, cancel.stderr], [0, `cancelled the statement of ${pid}\n`])
        assert.strictEqual((yield* Fiber.join(sleeper)).code, 1)
      })
    )
  })
})
