/**
 * The number on a wall: how many rows a table has, asked again and again, with a line for each change. Where the rate
 * limit of the account is tighter than that, the client waits as long as it must and logs it; a server that is away for
 * a while is told of and asked again at the next time.
 *
 *     CARTO_API_URL=… CARTO_API_KEY=… node livePoll.ts events --every "10 seconds"
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Sql } from "@effect-carto/core"
import { NodeCarto } from "@effect-carto/node"
import { Console, Effect, identity, Layer, Logger, Option, Result, Schedule, Schema, Stream } from "effect"
import { Argument, Command, Flag } from "effect/cli"
import { SqlClient } from "effect/sql"

const Count = Schema.Struct({ rows: Schema.BigInt })

const count = Effect.fn("count")(function* (table: string) {
  const sql = yield* Sql
  const client = yield* SqlClient.SqlClient
  const { rows } = yield* sql.query(Count)`select count(*) as rows from ${client(table)}`
  return rows[0]?.rows ?? 0n
})

/** Where trying again can help, the wall goes on showing what it had. Every other error ends the program. */
const attempt = (table: string) =>
  Effect.map(count(table), Result.succeed).pipe(
    Effect.catchIf(
      (error) => error.isRetryable,
      (error) => Effect.as(Effect.logWarning(error.message), Result.fail(error))
    )
  )

const signed = (change: bigint) => (change < 0n ? `${change}` : `+${change}`)

const watch = (table: string, schedule: Schedule.Schedule<unknown>) =>
  Stream.fromEffectSchedule(attempt(table), schedule).pipe(
    Stream.filterMap(identity),
    Stream.changes,
    Stream.mapAccum(
      () => Option.none<bigint>(),
      (before, rows) => [
        Option.some(rows),
        [`${rows.toLocaleString("en")}${Option.isSome(before) ? ` (${signed(rows - before.value)})` : ""}`]
      ]
    ),
    Stream.runForEach((line) => Console.log(line))
  )

const command = Command.make(
  "livePoll",
  {
    table: Argument.String("table"),
    every: Flag.String("every").pipe(
      Flag.withDescription("Between an answer and the next question"),
      Flag.withSchema(Schema.DurationFromString),
      Flag.withDefault("10 seconds")
    ),
    times: Flag.Int("times").pipe(Flag.withDescription("Default: until it is stopped"), Flag.optional)
  },
  ({ every, table, times }) => {
    const spaced = Schedule.spaced(every)
    const schedule = Option.match(times, {
      onNone: () => spaced,
      onSome: (times) => Schedule.upTo(spaced, { times: times - 1 })
    })
    return Effect.provide(watch(table, schedule), NodeCarto.layerConfig({ readOnly: true }))
  }
)

Command.run(command, { version: "1.0.0" }).pipe(
  Effect.provide(Layer.merge(NodeServices.layer, Layer.succeed(Logger.LogToStderr, true))),
  NodeRuntime.runMain
)
