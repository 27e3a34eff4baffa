import { assert, it } from "@effect/vitest"
import { LongQuery, Sql, SqlJobs } from "@effect-carto/core"
import { Effect, Fiber, Schema, Stream } from "effect"
import { Emulator } from "../../src/Emulator.ts"
import { askUntil } from "../asking.ts"
import { send } from "../http.ts"
import { layer } from "./layer.ts"

const Pair = Schema.Struct({ id: Schema.BigInt, label: Schema.String })

/** Tables that a long query left behind. */
const left = Effect.gen(function* () {
  const sql = yield* Sql
  const { rows } = yield* sql.query()`select tablename from pg_tables where tablename like 'carto_staging%'`
  return rows
})

it.layer(layer, { timeout: "120 seconds", excludeTestServices: true })("LongQuery against the emulator", (it) => {
  it.effect("gives typed rows and leaves no table", () =>
    Effect.gen(function* () {
      const rows = yield* LongQuery.stream(
        "select i::int8 as id, 'n' || i as label from generate_series(1, 3000) i -- all",
        Pair
      ).pipe(Stream.runCollect)
      assert.strictEqual(rows.length, 3000)
      assert.deepStrictEqual(rows[0], { id: 1n, label: "n1" })
      assert.deepStrictEqual(yield* left, [])
    })
  )

  it.effect("leaves no table when its reader stops, and when the query fails", () =>
    Effect.gen(function* () {
      const sql = yield* Sql
      const head = yield* Stream.runHead(LongQuery.stream(sql.unsafe("select generate_series(1, 100000) as n")))
      assert.strictEqual(head._tag, "Some")
      assert.deepStrictEqual(yield* left, [])
      const error = yield* Effect.flip(Stream.runDrain(LongQuery.stream("select 1/0 as a")))
      assert.deepStrictEqual([error.reason._tag, error.reason.message], ["JobError", "division by zero"])
      assert.deepStrictEqual(yield* left, [])
    })
  )

  it.effect("cancels its job when it is interrupted", () =>
    Effect.gen(function* () {
      const jobs = yield* SqlJobs
      const fiber = yield* Effect.forkChild(
        Stream.runDrain(LongQuery.stream("select count(*) as n from generate_series(1, 2000000000)"))
      )
      const { origin } = yield* Emulator
      yield* askUntil(send(`${origin}/api/v2/jobs-wip`), ({ text }) => text !== "{}")
      yield* Fiber.interrupt(fiber)
      // The next job has its turn, as the first is over.
      assert.strictEqual((yield* jobs.run("select 1")).status, "done")
      assert.deepStrictEqual(yield* left, [])
    })
  )

  it.effect("takes one query only", () =>
    Effect.gen(function* () {
      for (const text of ["select 1; select 2", "drop table a", ""]) {
        const error = yield* Effect.flip(Stream.runDrain(LongQuery.stream(text)))
        assert.strictEqual(error.reason._tag, "ValidationError")
      }
    })
  )
})
