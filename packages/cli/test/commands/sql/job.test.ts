import { assert, it } from "@effect/vitest"
import { Emulator } from "@effect-carto/emulator"
import { Effect, Fiber } from "effect"
import { emulator, home, onEmulator } from "../../harness.ts"

const slow = "select count(*) from generate_series(1, 2000000000)"
const times = /\([\d.]+ m?s\)/g

it.layer(emulator.layer, emulator.options)("carto sql job", (it) => {
  it.effect("create prints the id, tells each state, and ends with the job", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* onEmulator(["sql", "job", "create", "create table job_made as select 1"])
      const id = stdout.trim()
      assert.match(id, /^[0-9a-f-]{36}$/)
      assert.strictEqual(stderr.trimEnd().split("\n").at(-1)?.replace(times, "(T)"), `job ${id} done (T)`)
      assert.strictEqual(code, 0)
      const { stdout: got } = yield* onEmulator(["sql", "job", "get", id])
      const job = JSON.parse(got)
      assert.deepStrictEqual([job.job_id, job.status, job.query], [id, "done", "create table job_made as select 1"])
    })
  )

  it.effect("create fails with the database's words", () =>
    Effect.gen(function* () {
      const { code, stderr, stdout } = yield* onEmulator(["--quiet", "sql", "job", "create", "select 1", "select 1/0"])
      assert.strictEqual(code, 1)
      assert.match(stdout, /^[0-9a-f-]{36}\n$/)
      assert.match(stderr, /^error: The job was no success: division by zero\nhint: /)
    })
  )

  it.effect("create runs what follows", () =>
    Effect.gen(function* () {
      const create = ["sql", "job", "create", "--on-success", "create table job_followed (a int)", "select 1"]
      const { code, stderr } = yield* onEmulator(create)
      assert.strictEqual(code, 0)
      assert.include(stderr, "done, fallback done")
      assert.strictEqual((yield* onEmulator(["sql", "query", "table job_followed"])).code, 0)
    })
  )

  it.effect("create reads a query from standard input, and sends nothing that is wrong", () =>
    Effect.gen(function* () {
      assert.strictEqual((yield* onEmulator(["sql", "job", "create"], { stdin: "select 1" })).code, 0)
      const wrong = yield* onEmulator(["sql", "job", "create", "select 'a"])
      assert.deepStrictEqual([wrong.code, wrong.stdout], [2, ""])
    })
  )

  it.effect("--no-wait prints the id only, and list remembers the job until it is over", () =>
    Effect.gen(function* () {
      const HOME = yield* home
      const run = (...args: ReadonlyArray<string>) => onEmulator(["sql", "job", ...args], { env: { HOME } })
      const none = yield* run("list", "--format", "csv")
      assert.strictEqual(none.stdout, "id,status,created,account,query\n")

      const created = yield* run("create", "--no-wait", slow)
      assert.deepStrictEqual([created.code, created.stderr], [0, ""])
      const id = created.stdout.trim()
      const listed = JSON.parse((yield* run("list")).stdout)
      const { url } = yield* Emulator
      assert.deepStrictEqual(
        listed.map(({ account, id, query, status }: Record<string, unknown>) => [id, status, account, query]),
        [[id, "pending", url, slow]]
      )

      const cancelled = yield* run("cancel", id)
      assert.deepStrictEqual([cancelled.code, cancelled.stdout], [0, ""])
      assert.strictEqual(cancelled.stderr, `job ${id} cancelled\n`)
      assert.strictEqual((yield* run("cancel", id)).stderr, `job ${id} cancelled\n`)
      assert.strictEqual(JSON.parse((yield* run("list")).stdout)[0].status, "cancelled")

      const waited = yield* run("wait", id)
      assert.strictEqual(waited.code, 1)
      assert.include(waited.stderr, "error: The job was no success: the job ended as cancelled\n")
    })
  )

  it.effect("watch prints each state as a line of JSON, and has no opinion of the end", () =>
    Effect.gen(function* () {
      const { stdout: created } = yield* onEmulator(["sql", "job", "create", "--no-wait", "select 1/0"])
      const { code, stderr, stdout } = yield* onEmulator(["sql", "job", "watch", created.trim()])
      assert.deepStrictEqual([code, stderr], [0, ""])
      assert.strictEqual(JSON.parse(stdout.trimEnd().split("\n").at(-1) ?? "").status, "failed")
    })
  )

  it.effect("wait says that the job goes on when it is given up, or cancels it", () =>
    Effect.gen(function* () {
      const id = (yield* onEmulator(["sql", "job", "create", "--no-wait", slow])).stdout.trim()
      const detached = yield* onEmulator(["--timeout", "500ms", "sql", "job", "wait", id])
      assert.strictEqual(detached.code, 1)
      assert.include(detached.stderr, `job ${id} goes on; carto sql job cancel ${id} stops it\n`)
      const fiber = yield* Effect.forkChild(onEmulator(["sql", "job", "wait", id]))
      const cancelled = yield* onEmulator(["--timeout", "500ms", "sql", "job", "wait", "--on-interrupt", "cancel", id])
      assert.include(cancelled.stderr, `job ${id} cancelled\n`)
      assert.notInclude(cancelled.stderr, "goes on")
      assert.include((yield* Fiber.join(fiber)).stderr, "ended as cancelled")
    })
  )

  it.effect("an id that nobody knows is not found, and another key is not enough", () =>
    Effect.gen(function* () {
      const unknown = yield* onEmulator(["sql", "job", "get", "nope"])
      assert.strictEqual(unknown.code, 1)
      assert.match(unknown.stderr, /^error: Not found: Job with id nope not found\n/)
      const waited = yield* onEmulator(["sql", "job", "wait", "nope"])
      assert.deepStrictEqual([waited.code, waited.stderr], [1, unknown.stderr])
      const denied = yield* onEmulator(["sql", "job", "create", "select 1"], {
        env: { CARTO_API_KEY: "default_public" }
      })
      assert.strictEqual(denied.code, 4)
      assert.match(denied.stderr, /hint: Batch jobs need the master key/)
    })
  )
})
