import { assert, describe, it } from "@effect/vitest"
import { DatasetRows, Datasets, Sql } from "@effect-carto/core"
import { Duration, Effect, Fiber, Layer, Stream } from "effect"
import { Emulator } from "../../src/Emulator.ts"
import { askUntil } from "../asking.ts"
import * as PostgresServer from "../PostgresServer.ts"
import { connected } from "./layer.ts"

const layer = connected().pipe(Layer.provideMerge(Emulator.layer().pipe(Layer.provide(PostgresServer.layer))))

const csv = (...lines: ReadonlyArray<string>) => Stream.make(new TextEncoder().encode(`${lines.join("\n")}\n`))

/** A table whose rows take half a second each to come in. */
const slow = Effect.fnUntraced(function* (name: string) {
  const sql = yield* Sql
  yield* sql.execute(
    sql.unsafe(`create table ${name} (name text); insert into ${name} values ('old');
    create or replace function slowly() returns trigger language plpgsql as $$ begin perform pg_sleep(0.5); return new; end $$;
    create trigger slowly before insert on ${name} for each row when (new.name like 'new%') execute procedure slowly()`)
  )
})

const namesOf = Effect.fnUntraced(function* (table: string) {
  const sql = yield* Sql
  const { rows } = yield* sql.query()(sql.unsafe(`select name from ${table} order by name`))
  return rows.map(({ name }) => name)
})

const stagingTables = Effect.gen(function* () {
  const sql = yield* Sql
  const { rows } = yield* sql.query()`select tablename from pg_tables where tablename like 'carto\\_staging%'`
  return rows
})

/** Until the swap has its lock. */
const swapping = askUntil(
  Effect.flatMap(
    Sql,
    (sql) => sql.query()`select 1 as one from pg_locks where mode = 'ShareRowExclusiveLock' and granted`
  ),
  ({ rows }) => rows.length > 0
)

// PGlite has one session, in which nothing can meet anything.
describe.skipIf(PostgresServer.serverUrl === undefined)("Datasets on a server of many sessions", () => {
  it.layer(layer, { timeout: "120 seconds", excludeTestServices: true })((it) => {
    it.effect("readers see the old rows until the swap is done, and writers wait for it", () =>
      Effect.gen(function* () {
        const datasets = yield* Datasets
        const sql = yield* Sql
        yield* slow("busy")
        const rows = DatasetRows.bytes(csv("name", "new 1", "new 2", "new 3"))
        const swap = yield* Effect.forkChild(datasets.replace("busy", rows))
        yield* swapping
        const insert = yield* Effect.forkChild(sql.execute`insert into busy values ('meanwhile')`)
        const [took, seen] = yield* Effect.timed(namesOf("busy"))
        assert.deepStrictEqual(seen, ["old"])
        assert.isBelow(Duration.toMillis(took), 1000)
        assert.isUndefined(swap.pollUnsafe())
        yield* Fiber.join(swap)
        yield* Fiber.join(insert)
        assert.deepStrictEqual(yield* namesOf("busy"), ["meanwhile", "new 1", "new 2", "new 3"])
      })
    )

    it.effect("two replacements at once leave the rows of one", () =>
      Effect.gen(function* () {
        const datasets = yield* Datasets
        yield* slow("contended")
        const replace = (...names: ReadonlyArray<string>) =>
          datasets.replace("contended", DatasetRows.bytes(csv("name", ...names)))
        yield* Effect.all([replace("new a", "new b"), replace("new c", "new d")], { concurrency: 2 })
        const names = yield* namesOf("contended")
        assert.include([JSON.stringify(["new a", "new b"]), JSON.stringify(["new c", "new d"])], JSON.stringify(names))
      })
    )

    it.effect("a swap that was given up while it ran is all or nothing, and told so", () =>
      Effect.gen(function* () {
        const { url } = yield* Emulator
        yield* slow("abandoned")
        const hasty = connected({ url, timeout: "700 millis" })
        const outcome = yield* Effect.flatMap(Datasets, (datasets) =>
          datasets.replace("abandoned", DatasetRows.bytes(csv("name", "new 1", "new 2", "new 3")))
        ).pipe(Effect.provide(hasty), Effect.exit)
        assert.deepStrictEqual(
          yield* namesOf("abandoned"),
          outcome._tag === "Success" ? ["new 1", "new 2", "new 3"] : ["old"]
        )
        assert.deepStrictEqual(yield* stagingTables, [])
      })
    )

    it.effect("a swap that is interrupted while it runs is all or nothing", () =>
      Effect.gen(function* () {
        const datasets = yield* Datasets
        yield* slow("broken_off")
        const swap = yield* Effect.forkChild(
          datasets.replace("broken_off", DatasetRows.bytes(csv("name", "new 1", "new 2", "new 3")))
        )
        yield* swapping
        yield* Fiber.interrupt(swap)
        const names = yield* namesOf("broken_off")
        assert.include([JSON.stringify(["old"]), JSON.stringify(["new 1", "new 2", "new 3"])], JSON.stringify(names))
        assert.deepStrictEqual(yield* stagingTables, [])
      })
    )
  })
})
