import { assert, it } from "@effect/vitest"
import { Effect, Layer, Redacted } from "effect"
import { TestClock } from "effect/testing"
import { Emulator, localMasterKey } from "../src/Emulator.ts"
import * as PgliteDatabase from "../src/PgliteDatabase.ts"
import { askUntil } from "./asking.ts"
import { basic, json, send } from "./http.ts"

const ask = Effect.fnUntraced(function* (method: string, path: string, body?: unknown) {
  const { url, user } = yield* Emulator
  return yield* send(`${url}/api/v2/sql/job${path}`, {
    method,
    headers: { ...basic(user, Redacted.value(localMasterKey)), "content-type": "application/json" },
    ...(body === undefined ? {} : { body: JSON.stringify(body) })
  })
})

const create = (query: unknown) => Effect.map(ask("POST", "", { query }), (response) => json(response).job_id)

/** Asks until the job is as it should be. */
const until = (id: string, is: (job: Readonly<Record<string, unknown>>) => boolean) =>
  askUntil(Effect.map(ask("GET", `/${id}`), json), is)

const isFinal = ({ status }: Readonly<Record<string, unknown>>) => status !== "pending" && status !== "running"

const layer = Emulator.layer({ jobTimeout: "1 hour" }).pipe(Layer.provide(PgliteDatabase.layer()))

it.layer(layer, { timeout: "2 minutes" })("SqlJobs", (it) => {
  it.effect("a job that is over is kept for two hours", () =>
    Effect.gen(function* () {
      const id = yield* create("SELECT 1")
      yield* until(id, isFinal)
      yield* TestClock.adjust("119 minutes")
      assert.strictEqual((yield* ask("GET", `/${id}`)).status, 200)
      yield* TestClock.adjust("1 minute")
      const forgotten = yield* ask("GET", `/${id}`)
      assert.deepStrictEqual([forgotten.status, json(forgotten)], [400, { error: [`Job with id ${id} not found`] }])
    })
  )

  it.effect("a query ends with the account's time limit, which its own can only lower", () =>
    Effect.gen(function* () {
      const slow = "SELECT count(*) FROM generate_series(1, 2000000000)"
      const id = yield* create({ query: [{ query: slow, timeout: 24 * 3_600_000 }] })
      yield* until(id, ({ status }) => status === "running")
      // The statement's clock starts with its turn in the database.
      yield* Effect.repeat(TestClock.adjust("10 minutes"), { times: 12 })
      const job = yield* Effect.tap(Effect.map(ask("GET", `/${id}`), json), () => TestClock.adjust("10 minutes")).pipe(
        Effect.repeat({ until: isFinal })
      )
      assert.deepStrictEqual(
        [job.status, job.failed_reason],
        ["failed", "canceling statement due to statement timeout"]
      )
    })
  )

  it.effect("HEAD has the headers of GET and no body", () =>
    Effect.gen(function* () {
      const id = yield* create("SELECT 1")
      yield* until(id, isFinal)
      const head = yield* ask("HEAD", `/${id}`)
      assert.deepStrictEqual([head.status, head.text], [200, ""])
      assert.strictEqual(head.headers["content-type"], "application/json; charset=utf-8")
    })
  )

  it.effect("a body may have 16,384 characters as compact JSON", () =>
    Effect.gen(function* () {
      const query = (length: number) => `SELECT '${"ñ".repeat(length - '{"query":"SELECT \'\'"}'.length)}'`
      assert.strictEqual((yield* ask("POST", "", { query: query(16_384) })).status, 201)
      const large = yield* ask("POST", "", { query: query(16_385) })
      assert.strictEqual(large.status, 400)
      assert.match(json(large).error[0], /^Your payload is too large: 16385 bytes\. Max size allowed is 16384 bytes/)
    })
  )

  it.effect("jobs-wip tells the job that runs, and nothing of the ones that wait", () =>
    Effect.gen(function* () {
      const { origin, user } = yield* Emulator
      const wip = Effect.map(send(`${origin}/api/v2/jobs-wip`), json)
      const id = yield* create("SELECT count(*) FROM generate_series(1, 2000000000)")
      const waiting = yield* create("SELECT 1")
      yield* until(id, ({ status }) => status === "running")
      assert.deepStrictEqual(yield* wip, { [user]: [id] })
      yield* ask("DELETE", `/${id}`)
      yield* until(waiting, isFinal)
      yield* askUntil(wip, (running) => Object.keys(running).length === 0)
    })
  )

  it.effect("what the servers accept and never run stays as it is", () =>
    Effect.gen(function* () {
      const empty = yield* create([])
      const objects = yield* create([{ query: "SELECT 1" }])
      const later = yield* create("SELECT 1")
      yield* until(later, isFinal)
      for (const id of [empty, objects]) assert.strictEqual(json(yield* ask("GET", `/${id}`)).status, "pending")
      const none = yield* create({ query: [] })
      yield* until(none, ({ status }) => status === "failed")
    })
  )

  it.effect("creating, reading and cancelling have budgets of their own", () =>
    Effect.gen(function* () {
      const { setRateLimit } = yield* Emulator
      for (const [group, method, path] of [
        ["job_create", "POST", ""],
        ["job_get", "GET", "/abc"],
        ["job_delete", "DELETE", "/abc"]
      ] as const) {
        yield* setRateLimit(group, [{ burst: 0, count: 1, period: "5 seconds" }])
        const body = method === "POST" ? { query: "SELECT 1" } : undefined
        const first = yield* ask(method, path, body)
        assert.strictEqual(first.headers["carto-rate-limit-remaining"], "0")
        yield* TestClock.adjust("10 millis")
        const second = yield* ask(method, path, body)
        assert.deepStrictEqual([second.status, second.headers["retry-after"]], [429, "5"])
        yield* setRateLimit(group, [])
      }
    })
  )
})
