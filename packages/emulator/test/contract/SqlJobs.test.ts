import { assert, it } from "@effect/vitest"
import { CartoError, Job, Sql, SqlJobs } from "@effect-carto/core"
import { Effect, Fiber, Layer, Schema, Stream } from "effect"
import { Emulator } from "../../src/Emulator.ts"
import * as PgliteDatabase from "../../src/PgliteDatabase.ts"
import { connected } from "./layer.ts"

const reasonOf = <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.map(Effect.flip(effect), (error) => {
    assert.instanceOf(error, CartoError)
    return error.reason
  })
const texts = (table: string) =>
  Effect.gen(function* () {
    const sql = yield* Sql
    const { rows } = yield* sql.query(Schema.Struct({ t: Schema.String }))(
      sql.unsafe(`select t from ${table} order by 1`)
    )
    return rows.map(({ t }) => t)
  })
const create = (table: string) =>
  Effect.flatMap(Sql, (sql) => sql.execute(sql.unsafe(`create table ${table} (t text)`)))
/** Waits until the job has this status. */
const reach = (id: Job.JobId, status: string) =>
  Effect.flatMap(SqlJobs, (jobs) =>
    jobs.watch(id).pipe(
      Stream.filter(({ value }) => value.status === status),
      Stream.runHead
    )
  )
/** Slow, and stops at once when it is cancelled, which pg_sleep does not. */
const slow = "select count(*) from generate_series(1, 2000000000)"

const layer = connected({ retries: 2 }).pipe(
  Layer.provideMerge(Emulator.layer({ maxQueuedJobs: 2 }).pipe(Layer.provide(PgliteDatabase.layer())))
)

it.layer(layer, { timeout: "120 seconds", excludeTestServices: true })("SqlJobs against the emulator", (it) => {
  it.effect("runs one query", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      const job = yield* jobs.run("create table made as select 'x'::text as t")
      assert.strictEqual(job.status, "done")
      assert.deepStrictEqual(yield* texts("made"), ["x"])
      assert.strictEqual((yield* jobs.get(job.job_id)).status, "done")
    })
  )

  it.effect("tells the database's words when a query fails", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      const reason = yield* reasonOf(jobs.run("select * from nope"))
      if (reason._tag !== "JobError") return assert.fail(reason._tag)
      assert.deepStrictEqual([reason.jobStatus, reason.message], ["failed", 'relation "nope" does not exist'])
    })
  )

  it.effect("runs several queries up to the first that fails, and keeps what was done", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      yield* create("several")
      const reason = yield* reasonOf(
        jobs.run(["insert into several values ('1')", "select 1/0", "insert into several values ('3')"])
      )
      if (reason._tag !== "JobError") return assert.fail(reason._tag)
      assert.deepStrictEqual([reason.query, reason.message], ["select 1/0", "division by zero"])
      assert.deepStrictEqual(yield* texts("several"), ["1"])
      const job = yield* jobs.get(Job.JobId.make(reason.jobId))
      assert.deepStrictEqual(
        Job.queries(job).map(({ status }) => status),
        ["done", "failed", "pending"]
      )
    })
  )

  it.effect("runs what follows each query and the whole, with the id and the error filled in", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      yield* create("followed")
      const reason = yield* reasonOf(
        jobs.run({
          query: [
            { query: "select 1", onsuccess: "insert into followed values ('1 <%= job_id %>')" },
            { query: "select 1/0", onerror: "insert into followed values ('2 <%= error_message %>')" },
            { query: "insert into followed values ('3')", onsuccess: "select 1" }
          ],
          onsuccess: "insert into followed values ('4')",
          onerror: "insert into followed values ('5')"
        })
      )
      if (reason._tag !== "JobError") return assert.fail(reason._tag)
      assert.deepStrictEqual(yield* texts("followed"), [`1 ${reason.jobId}`, "2 division by zero", "5"])
      const job = yield* jobs.get(Job.JobId.make(reason.jobId))
      assert.strictEqual(Job.state(job), "failed,done,done,done,failed,done,skipped,skipped")
      assert.isUndefined(job.failed_reason)
    })
  )

  it.effect("fails when what follows fails", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      const main = yield* reasonOf(jobs.run({ query: [{ query: "select 1" }], onsuccess: "select 1/0" }))
      assert.match(main.message, /^the queries are done, but/)
      const one = yield* reasonOf(jobs.run({ query: [{ query: "select 1", onsuccess: "select 1/0" }] }))
      assert.match(one.message, /division by zero$/)
    })
  )

  it.effect("is a success when only failures have something to follow", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      const job = yield* jobs.run({ query: [{ query: "select 1", onerror: "select 2" }], onerror: "select 3" })
      assert.strictEqual(Job.state(job), "done,skipped,done,skipped")
    })
  )

  it.effect("ends a query at its own time limit", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      const reason = yield* reasonOf(jobs.run({ query: [{ query: slow, timeout: "200 millis" }] }))
      assert.strictEqual(reason.message, "canceling statement due to statement timeout")
    })
  )

  it.effect("cancels while it waits, while it runs, while its fallback runs, and leaves alone what is over", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      const running = yield* jobs.create([slow, "select 2"])
      const waiting = yield* jobs.create("select 1")
      yield* reach(running.job_id, "running")
      assert.strictEqual((yield* jobs.cancel(waiting.job_id)).status, "cancelled")
      assert.strictEqual(Job.state(yield* jobs.cancel(running.job_id)), "cancelled,,cancelled,,pending,")
      assert.strictEqual((yield* reasonOf(jobs.wait(running.job_id))).message, "the job ended as cancelled")

      const fallback = yield* jobs.create({
        query: [{ query: slow, onsuccess: "select 1" }, { query: "select 2" }],
        onerror: "select 3"
      })
      yield* reach(fallback.job_id, "running")
      assert.strictEqual(Job.state(yield* jobs.cancel(fallback.job_id)), "cancelled,skipped,cancelled,skipped,skipped,")

      const following = yield* jobs.create({ query: [{ query: "select 1" }], onsuccess: slow })
      yield* reach(following.job_id, "done")
      const stopped = yield* jobs.cancel(following.job_id)
      assert.deepStrictEqual([stopped.status, stopped.fallback_status], ["done", "cancelled"])
      assert.strictEqual((yield* reasonOf(jobs.wait(following.job_id)))._tag, "JobError")

      const over = yield* jobs.run("select 1")
      assert.strictEqual((yield* jobs.cancel(over.job_id)).status, "done")
      assert.strictEqual((yield* jobs.cancel(fallback.job_id)).status, "cancelled")
    })
  )

  it.effect("runs the next job after one was cancelled", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      const first = yield* jobs.create(slow)
      yield* reach(first.job_id, "running")
      const second = yield* Effect.forkChild(jobs.run("select 1"))
      yield* jobs.cancel(first.job_id)
      assert.strictEqual((yield* Fiber.join(second)).status, "done")
    })
  )

  it.effect("cancels a job whose waiter is interrupted", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      const job = yield* jobs.create(slow)
      const fiber = yield* Effect.forkChild(jobs.wait(job.job_id, { onInterrupt: "cancel" }))
      yield* reach(job.job_id, "running")
      yield* Fiber.interrupt(fiber)
      assert.strictEqual((yield* jobs.get(job.job_id)).status, "cancelled")
    })
  )

  it.effect("refuses more jobs than fit into the queue", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      const first = yield* jobs.create(slow)
      yield* reach(first.job_id, "running")
      const waiting = yield* Effect.all([jobs.create("select 1"), jobs.create("select 2")])
      const reason = yield* reasonOf(jobs.create("select 3"))
      assert.deepStrictEqual(
        [reason._tag, reason.message],
        ["ConcurrencyError", "Failed to create job. Max number of jobs (2) queued reached"]
      )
      yield* jobs.cancel(first.job_id)
      yield* Effect.forEach(waiting, ({ job_id }) => jobs.wait(job_id))
    })
  )

  it.effect("knows no other id", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      assert.strictEqual((yield* reasonOf(jobs.get(Job.JobId.make("a/b"))))._tag, "NotFoundError")
      assert.strictEqual((yield* reasonOf(jobs.cancel(Job.JobId.make(".."))))._tag, "NotFoundError")
    })
  )

  it.effect("is for the master key only, and says so", () =>
    Effect.gen(function* () {
      const emulator = yield* Emulator
      const key = yield* emulator.addKey({ name: "reader" })
      const reason = yield* reasonOf(
        Effect.flatMap(SqlJobs, (jobs) => jobs.create("select 1")).pipe(
          Effect.provide(connected({ apiKey: key.token }))
        )
      )
      assert.deepStrictEqual([reason._tag, reason.message], ["AuthError", "permission denied"])
      assert.match(reason.advice, /master key/)
    })
  )
})
