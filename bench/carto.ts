/** What is measured: the library as its users call it. Loaded by the variants that need it, and by no other. */
import type { CartoServices } from "@effect-carto/core/Carto"
import { Sql } from "@effect-carto/core/Sql"
import { SqlCopy } from "@effect-carto/core/SqlCopy"
import * as NodeCarto from "@effect-carto/node/NodeCarto"
import * as NodeCopy from "@effect-carto/node/NodeCopy"
import * as NodeFile from "@effect-carto/node/NodeFile"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type { Environment, Measured } from "./Benchmark.ts"
import { quantile } from "./statistics.ts"
import { stopwatch } from "./stopwatch.ts"

/** Times a program; modules are loaded before, connections are made in it. */
const timed = async <A, E>(
  { server }: Environment,
  program: Effect.Effect<A, E, CartoServices>,
  check: (result: A) => boolean
): Promise<Measured> => {
  const runtime = ManagedRuntime.make(NodeCarto.layer({ url: `${server}/user/alice`, proxy: "none" }))
  await runtime.context()
  const { result, ...measured } = await stopwatch(() => runtime.runPromise(program))
  await runtime.dispose()
  if (!check(result)) throw new Error(`the result is not what it should be: ${JSON.stringify(result)}`)
  return measured
}

export const upload = (environment: Environment, path: string, table: string, compression: "none" | "gzip") =>
  timed(environment, NodeCopy.fromFile(path, table, { compression }), ({ bytes }) => bytes > 0)

export const download = (environment: Environment, path: string, size: number) =>
  timed(
    environment,
    Effect.flatMap(SqlCopy, (copy) => NodeFile.writeAtomic(path, copy.to(`bytes_${size}`))),
    ({ bytes }) => bytes === size
  )

const City = Schema.Struct({
  id: Schema.Int,
  population: Schema.BigInt,
  longitude: Schema.Finite,
  latitude: Schema.Finite,
  name: Schema.String,
  country: Schema.String,
  capital: Schema.Boolean,
  updated: Schema.DateTimeUtc
})

const PlainCity = Schema.Struct({
  id: Schema.Int,
  level: Schema.Int,
  longitude: Schema.Finite,
  latitude: Schema.Finite,
  name: Schema.String,
  country: Schema.String,
  capital: Schema.Boolean,
  founded: Schema.String
})

const counted = <A, E, R>(rows: Stream.Stream<A, E, R>) =>
  Effect.suspend(() => {
    let count = 0
    return Effect.map(
      Stream.runForEachArray(rows, (some) =>
        Effect.sync(() => {
          count += some.length
        })
      ),
      () => count
    )
  })

export const streamRows = (environment: Environment, rows: number, via: "copy" | "json") =>
  timed(
    environment,
    Effect.flatMap(Sql, (sql) => counted(sql.stream(City, { via })`select * from ${sql.unsafe(`rows_${rows}`)}`)),
    (count) => count === rows
  )

/** Without a schema the rows are those that `PgTypes` decodes. */
export const streamUntyped = (environment: Environment, rows: number) =>
  timed(
    environment,
    Effect.flatMap(Sql, (sql) => counted(sql.stream()`select * from ${sql.unsafe(`rows_${rows}`)}`)),
    (count) => count === rows
  )

export const queryPlain = (environment: Environment, rows: number) =>
  timed(
    environment,
    Effect.flatMap(Sql, (sql) => sql.query(PlainCity)`select * from ${sql.unsafe(`plain_${rows}`)}`),
    (result) => result.rows.length === rows
  )

/** With columns that JSON rounds: by default the rows are asked for twice. */
export const queryMixed = (environment: Environment, rows: number, exact: boolean) =>
  timed(
    environment,
    Effect.flatMap(Sql, (sql) => sql.query(City, { exact })`select * from ${sql.unsafe(`rows_${rows}`)}`),
    (result) => result.rows.length === rows
  )

/** The median of many calls, in seconds. */
export const selectOne = async (environment: Environment, calls: number): Promise<Measured> => {
  const times: Array<number> = []
  await timed(
    environment,
    Effect.gen(function* () {
      const sql = yield* Sql
      const query = sql.query()
      for (let i = 0; i < calls; i++) {
        const start = performance.now()
        yield* query`select 1`
        times.push(performance.now() - start)
      }
    }),
    () => times.length === calls
  )
  return { seconds: quantile(times.slice(calls / 4), 0.5) / 1000 }
}
