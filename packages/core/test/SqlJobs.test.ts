import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Fiber, Layer, Redacted, Stream } from "effect"
import { TestClock } from "effect/testing"
import { Auth } from "../src/Auth.ts"
import { CartoClient } from "../src/CartoClient.ts"
import { textOf } from "../src/internal/sqlCompiler.ts"
import * as Job from "../src/Job.ts"
import { Sql } from "../src/Sql.ts"
import { type JobInput, SqlJobs, type SqlJobsOptions } from "../src/SqlJobs.ts"
import { HttpMock, type Reply, type Seen } from "./HttpMock.ts"
import { reasonOf, seen } from "./platform.ts"
import { fork, times } from "./waiting.ts"

const layer = (replies: ReadonlyArray<Reply> | ((seen: Seen, index: number) => Reply), options?: SqlJobsOptions) =>
  Layer.mergeAll(SqlJobs.layer(options), Sql.layer()).pipe(
    Layer.provide(CartoClient.layer()),
    Layer.provide(Auth.layer({ url: "https://alice.carto.com", apiKey: Redacted.make("key-of-alice") })),
    Layer.provideMerge(HttpMock.layer(replies))
  )

const id = Job.JobId.make("88f6717d-0656-4e8f-b67c-c56c1f400eef")
const job = (status: string, more: object = {}): Reply => ({
  body: {
    user: "alice",
    query: "select 1",
    job_id: id,
    created_at: "2026-11-22T13:59:41.070Z",
    updated_at: "2026-11-22T13:59:41.070Z",
    status,
    ...more
  }
})
const refused = (message: string, status = 400): Reply => ({ status, body: { error: [message] } })
const limited: Reply = {
  status: 429,
  headers: { "retry-after": "5" },
  body: { error: ["You are over platform's limits."], context: "limit", detail: "rate-limit" }
}
const lost: Reply = { error: { code: "ECONNRESET", message: "read ECONNRESET" } }

const waiting = Effect.flatMap(SqlJobs, (jobs) => jobs.wait(id))

describe("SqlJobs.create", () => {
  it.effect("posts the query as JSON, and the key in the header only", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      const created = yield* jobs.create("create table a as select 1")
      assert.strictEqual(created.job_id, id)
      assert.strictEqual(DateTime.formatIso(created.created_at), "2026-11-22T13:59:41.070Z")
      const [request] = yield* seen
      assert.strictEqual(request?.method, "POST")
      assert.strictEqual(request?.url, "https://alice.carto.com/api/v2/sql/job?client=effect-carto")
      assert.strictEqual(request?.body, '{"query":"create table a as select 1"}')
      assert.notInclude(JSON.stringify([request?.url, request?.body]), "key-of-alice")
    }).pipe(Effect.provide(layer([{ ...job("pending"), status: 201 }])))
  )

  it.effect("writes the values of statements as literals, in each of the three forms", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      const sql = yield* Sql
      const drop = sql.unsafe("drop table a")
      yield* jobs.create(drop)
      yield* jobs.create(["analyze a", drop])
      yield* jobs.create({
        query: [
          { query: "select 1", onsuccess: drop, timeout: "2 minutes" },
          { query: drop, onerror: "insert into log values ('<%= job_id %>', '<%= error_message %>')" }
        ],
        onerror: "select 2"
      })
      assert.deepStrictEqual(
        (yield* seen).map(({ body }) => JSON.parse(body)),
        [
          { query: textOf(drop) },
          { query: ["analyze a", "drop table a"] },
          {
            query: {
              query: [
                { query: "select 1", onsuccess: "drop table a", timeout: 120_000 },
                { query: "drop table a", onerror: "insert into log values ('<%= job_id %>', '<%= error_message %>')" }
              ],
              onerror: "select 2"
            }
          }
        ]
      )
    }).pipe(Effect.provide(layer([job("pending")])))
  )

  it.effect("refuses here what the server would accept and never run", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      const objects: ReadonlyArray<unknown> = [{ query: "select 1", onsuccess: "select 2" }]
      const wrong: ReadonlyArray<readonly [input: unknown, message: RegExp]> = [
        [[], /^the job has no query$/],
        [{ query: [] }, /^the job has no query$/],
        [objects, /^a query of the list is not text$/],
        ["1", /^the query is JSON/],
        ['"select 1"', /^the query is JSON/],
        [["select 1", " -- nothing\n"], /^a query is empty$/],
        ["select 'a", /ends inside a/],
        [`select '${"x".repeat(16_400)}'`, /^the job has 164\d\d characters, and the server takes 16384$/]
      ]
      for (const [input, message] of wrong) {
        const reason = yield* reasonOf(jobs.create(input as JobInput))
        assert.strictEqual(reason._tag, "ValidationError")
        assert.match(reason.message, message)
        assert.isNotEmpty(reason.advice)
      }
      assert.deepStrictEqual(yield* seen, [])
      const longest = `select '${"x".repeat(16_384 - '{"query":"select \'\'"}'.length)}'`
      yield* jobs.create(longest)
      assert.strictEqual((yield* seen)[0]?.body.length, 16_384)
    }).pipe(Effect.provide(layer([job("pending")])))
  )

  it.effect("refuses what writes when told to only read", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      const reason = yield* reasonOf(jobs.create(["select 1", "drop table a"]))
      assert.strictEqual(reason.message, "DROP may write, and this client only reads")
    }).pipe(Effect.provide(layer([job("pending")], { readOnly: true })))
  )

  it.effect("is not repeated when it may have arrived, but after a rate limit", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      const fiber = yield* fork(reasonOf(jobs.create("select 1")))
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "TransportError")
      assert.deepStrictEqual(yield* times, [
        ["POST", 0],
        ["POST", 5_000]
      ])
    }).pipe(Effect.provide(layer([limited, lost])))
  )

  it.effect("tells a full queue, and that another key is needed", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      assert.strictEqual((yield* reasonOf(jobs.create("select 1")))._tag, "ConcurrencyError")
      const denied = yield* reasonOf(jobs.create("select 1"))
      assert.strictEqual(denied._tag, "AuthError")
      assert.match(denied.advice, /master key/)
      assert.strictEqual((yield* seen).length, 2)
    }).pipe(
      Effect.provide(
        layer([
          refused("Failed to create job. Max number of jobs (64) queued reached"),
          refused("permission denied", 403)
        ])
      )
    )
  )
})

describe("SqlJobs.get", () => {
  it.effect("keeps the id within its segment of the path", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      yield* jobs.get(Job.JobId.make("../../map?x=é"))
      assert.strictEqual(
        (yield* seen)[0]?.url,
        "https://alice.carto.com/api/v2/sql/job/..%2F..%2Fmap%3Fx%3D%C3%A9?client=effect-carto"
      )
    }).pipe(Effect.provide(layer([job("done")])))
  )

  it.effect("decodes every form, and statuses nobody knows", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      const multiple = yield* jobs.get(id)
      assert.deepStrictEqual(
        Job.queries(multiple).map(({ status }) => status),
        ["done", "teleported"]
      )
      const fallback = yield* jobs.get(id)
      assert.strictEqual(fallback.fallback_status, "pending")
      assert.strictEqual(Job.queries(fallback)[0]?.timeout, 2000)
      assert.deepStrictEqual(Job.queries(yield* jobs.get(id)), [])
    }).pipe(
      Effect.provide(
        layer([
          job("teleported", {
            query: [
              { query: "select 1", status: "done" },
              { query: "select 2", status: "teleported" }
            ]
          }),
          job("running", {
            query: { query: [{ query: "select 1", id: "n1", timeout: 2000, status: "running" }], onerror: "select 2" },
            fallback_status: "pending"
          }),
          job("pending", { query: [] })
        ])
      )
    )
  )

  it.effect("knows an unknown id from a wrong request", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      assert.strictEqual((yield* reasonOf(jobs.get(id)))._tag, "NotFoundError")
    }).pipe(Effect.provide(layer([refused(`Job with id ${id} not found`)])))
  )
})

describe("SqlJobs.cancel", () => {
  it.effect("gives the cancelled job", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      assert.strictEqual((yield* jobs.cancel(id)).status, "cancelled")
      assert.deepStrictEqual(yield* times, [["DELETE", 0]])
    }).pipe(Effect.provide(layer([job("cancelled")])))
  )

  for (const message of ["Cannot set status from done to cancelled", "Cannot set status to cancelled"]) {
    it.effect(`gives the job as it is on: ${message}`, () =>
      Effect.gen(function* () {
        const jobs = yield* SqlJobs
        assert.strictEqual((yield* jobs.cancel(id)).status, "done")
        assert.deepStrictEqual(yield* times, [
          ["DELETE", 0],
          ["GET", 0]
        ])
      }).pipe(Effect.provide(layer([refused(message), job("done")])))
    )
  }

  it.effect("fails for an id that is unknown", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      assert.strictEqual((yield* reasonOf(jobs.cancel(id)))._tag, "NotFoundError")
    }).pipe(Effect.provide(layer([refused(`Job with id ${id} not found`)])))
  )
})

describe("SqlJobs.wait", () => {
  it.effect("goes on through pending after running, and until the fallback is over", () =>
    Effect.gen(function* () {
      const fiber = yield* fork(waiting)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(fiber)).fallback_status, "done")
      assert.deepStrictEqual(
        (yield* times).map(([, at]) => at),
        [250, 625, 1188, 2032, 3298]
      )
    }).pipe(
      Effect.provide(
        layer([
          job("running", { fallback_status: "pending" }),
          job("pending", { fallback_status: "pending" }),
          job("done", { fallback_status: "pending" }),
          job("done", { fallback_status: "running" }),
          job("done", { fallback_status: "done" })
        ])
      )
    )
  )

  it.effect("takes two hours of a job in its stride", () =>
    Effect.gen(function* () {
      const fiber = yield* fork(waiting)
      yield* TestClock.adjust("3 hours")
      yield* Fiber.join(fiber)
      assert.isBelow((yield* seen).length, 740)
    }).pipe(Effect.provide(layer(({ at }) => job(at < 7_200_000 ? "running" : "done"))))
  )

  it.effect("waits as long as a rate limit says, and goes on", () =>
    Effect.gen(function* () {
      const fiber = yield* fork(waiting)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(fiber)).status, "done")
      assert.deepStrictEqual(
        (yield* times).map(([, at]) => at),
        [250, 625, 5625, 6188]
      )
    }).pipe(Effect.provide(layer([job("running"), limited, job("running"), job("done")])))
  )

  it.effect("survives a lost connection, and an outage longer than the retries of one request", () =>
    Effect.gen(function* () {
      const fiber = yield* fork(waiting)
      yield* TestClock.adjust("5 minutes")
      assert.strictEqual((yield* Fiber.join(fiber)).status, "done")
      const at = (yield* times).map(([, at]) => at)
      assert.deepStrictEqual(at.slice(0, 4), [250, 625, 875, 1438])
    }).pipe(
      Effect.provide(
        layer(({ at }, index) =>
          index === 1 || (at > 2_000 && at < 120_000) ? lost : job(at < 150_000 ? "running" : "done")
        )
      )
    )
  )

  const failures: ReadonlyArray<readonly [reply: Reply, status: string, message: string, query?: string]> = [
    [job("failed", { failed_reason: "division by zero" }), "failed", "division by zero", "select 1"],
    [job("cancelled"), "cancelled", "the job ended as cancelled", "select 1"],
    [job("unknown"), "unknown", "the job ended as unknown", "select 1"],
    [
      job("failed", {
        query: {
          query: [
            { query: "select 1", status: "done" },
            { query: "select 1/0", onerror: "select 2", status: "failed", fallback_status: "done", failed_reason: "no" }
          ]
        }
      }),
      "failed",
      "no",
      "select 1/0"
    ],
    [
      job("done", {
        query: {
          query: [
            { query: "select 1", onsuccess: "select 3", status: "done", fallback_status: "failed", failed_reason: "no" }
          ]
        }
      }),
      "failed",
      "the queries are done, but not what was to follow one: no",
      "select 3"
    ],
    [
      job("done", { fallback_status: "cancelled" }),
      "cancelled",
      "the queries are done, but what was to follow them ended as cancelled"
    ]
  ]
  for (const [reply, jobStatus, message, query] of failures) {
    it.effect(`is no success: ${message}`, () =>
      Effect.gen(function* () {
        const fiber = yield* fork(reasonOf(waiting))
        yield* TestClock.adjust("1 second")
        const reason = yield* Fiber.join(fiber)
        if (reason._tag !== "JobError") return assert.fail(reason._tag)
        assert.deepStrictEqual(
          [reason.jobId, reason.jobStatus, reason.message, reason.query],
          [id, jobStatus, message, query]
        )
        assert.isNotEmpty(reason.advice)
      }).pipe(Effect.provide(layer([reply])))
    )
  }

  it.effect("is a success when the fallbacks had no reason to run", () =>
    Effect.gen(function* () {
      const fiber = yield* fork(waiting)
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Fiber.join(fiber)).status, "done")
    }).pipe(Effect.provide(layer([job("done", { fallback_status: "skipped" })])))
  )

  it.effect("does not take a status that nobody knows for an end, and tells when nothing moves", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      const fiber = yield* fork(reasonOf(jobs.wait(id, { stalledAfter: "1 hour" })))
      yield* TestClock.adjust("2 hours")
      const reason = yield* Fiber.join(fiber)
      if (reason._tag !== "JobError") return assert.fail(reason._tag)
      assert.strictEqual(reason.jobStatus, "canceled")
      assert.strictEqual(reason.message, "the job has stood still for 1h, with status canceled")
    }).pipe(Effect.provide(layer([job("canceled")])))
  )

  it.effect("does not wait for ever for a job that stands still", () =>
    Effect.gen(function* () {
      const fiber = yield* fork(reasonOf(waiting))
      yield* TestClock.adjust("25 hours")
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "JobError")
    }).pipe(Effect.provide(layer([job("running")])))
  )

  it.effect("cancels the job at its deadline when told so", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      const fiber = yield* fork(reasonOf(jobs.wait(id, { timeout: "1 second", onInterrupt: "cancel" })))
      for (const pause of [250, 375]) yield* TestClock.adjust(pause)
      yield* TestClock.adjust("1 minute")
      assert.strictEqual((yield* Fiber.join(fiber))._tag, "TimeoutError")
      assert.deepStrictEqual(yield* times, [
        ["GET", 250],
        ["GET", 625],
        ["DELETE", 1_000]
      ])
    }).pipe(Effect.provide(layer([job("running")])))
  )
})

describe("SqlJobs.watch", () => {
  it.effect("shows each state of the job and of its queries, and ends without an opinion", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      const fiber = yield* fork(Stream.runCollect(jobs.watch(id)))
      yield* TestClock.adjust("1 minute")
      assert.deepStrictEqual(
        (yield* Fiber.join(fiber)).map(({ elapsed, value }) => [Job.state(value), Duration.toMillis(elapsed)]),
        [
          ["running,,running,,pending,", 250],
          ["running,,done,,running,", 1188],
          ["failed,,done,,failed,", 2032]
        ]
      )
    }).pipe(
      Effect.provide(
        layer(
          [
            ["running", "running", "pending"],
            ["running", "running", "pending"],
            ["running", "done", "running"],
            ["failed", "done", "failed"]
          ].map(([status = "", first, second]) =>
            job(status, {
              query: [
                { query: "select 1", status: first },
                { query: "select 2", status: second }
              ]
            })
          )
        )
      )
    )
  )
})

describe("SqlJobs.run", () => {
  it.effect("creates, waits, and asks nothing twice", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      const fiber = yield* fork(jobs.run("select 1"))
      yield* TestClock.adjust("1 second")
      assert.strictEqual((yield* Fiber.join(fiber)).status, "done")
      assert.deepStrictEqual(yield* times, [
        ["POST", 0],
        ["GET", 250]
      ])
    }).pipe(Effect.provide(layer([job("pending"), job("done")])))
  )

  for (const onInterrupt of ["cancel", "detach"] as const) {
    it.effect(`${onInterrupt}s the job when it is interrupted`, () =>
      Effect.gen(function* () {
        const jobs = yield* SqlJobs
        const fiber = yield* fork(jobs.run("select 1", onInterrupt === "cancel" ? {} : { onInterrupt }))
        yield* TestClock.adjust("300 millis")
        yield* Fiber.interrupt(fiber)
        assert.deepStrictEqual(yield* times, [
          ["POST", 0],
          ["GET", 250],
          ...(onInterrupt === "cancel" ? [["DELETE", 300]] : [])
        ])
      }).pipe(Effect.provide(layer([job("pending")])))
    )
  }
})
