/**
 * Events into a dataset: reads standard input, one JSON object per line, and brings them into a table in batches, at
 * the latest every five seconds. What comes twice, as webhooks do, changes its row rather than making another. A line
 * that is no event is told and left out.
 *
 *     receive-webhooks | CARTO_API_URL=… CARTO_API_KEY=… node upsertEvents.ts vehicles
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { type CartoError, DatasetRows, Datasets, GeoJson, Geometry } from "@effect-carto/core"
import { NodeCarto } from "@effect-carto/node"
import { Console, Effect, identity, Schedule, Schema, Stdio, Stream } from "effect"
import { Argument, Command } from "effect/cli"

/** As the webhook sends them. */
const Event = Schema.Struct({
  id: Schema.NonEmptyString,
  status: Schema.Literals(["moving", "parked", "lost"]),
  seen_at: Schema.DateTimeUtcFromString,
  position: GeoJson.Point
})

/** As the table has them: the fields are the columns. */
const Vehicle = Schema.Struct({
  id: Schema.String,
  status: Schema.String,
  seen_at: Schema.DateTimeUtc,
  the_geom: Geometry
})
type Vehicle = typeof Vehicle.Type

const decodeEvent = Schema.decodeEffect(Schema.fromJsonString(Event))

const toVehicle = Effect.fn("toVehicle")(function* (line: string) {
  const { position, ...event } = yield* decodeEvent(line)
  const the_geom = yield* Effect.fromResult(Geometry.fromGeoJson(position))
  return Vehicle.make({ ...event, the_geom })
})

const isPassing = (error: CartoError) => error.isRetryable

/** The last one of each id: one statement cannot change a row twice. */
const latest = (vehicles: ReadonlyArray<Vehicle>): ReadonlyArray<Vehicle> => [
  ...new Map(vehicles.map((vehicle) => [vehicle.id, vehicle])).values()
]

const upsertAll = Effect.fn("upsertAll")(function* (table: string) {
  const datasets = yield* Datasets
  const stdio = yield* Stdio.Stdio
  const written = yield* stdio.stdin.pipe(
    Stream.decodeText,
    Stream.splitLines,
    Stream.filter((line) => line.trim() !== ""),
    Stream.mapEffect((line) =>
      toVehicle(line).pipe(
        Effect.tapError((error) => Console.error(`left out: ${error.message}`)),
        Effect.result
      )
    ),
    Stream.filterMap(identity),
    Stream.groupedWithin(1000, "5 seconds"),
    Stream.map(latest),
    // One after the other, so that of one id the last one stays.
    Stream.tap((vehicles) =>
      datasets
        .upsert(table, "id", DatasetRows.rows(Vehicle, vehicles))
        // By its key an upsert may run twice, so that even one whose answer was lost can be repeated.
        .pipe(Effect.retry({ schedule: Schedule.exponential("1 second"), while: isPassing, times: 5 }))
    ),
    Stream.runFold(
      () => 0,
      (sum, vehicles) => sum + vehicles.length
    )
  )
  yield* Console.log(`${written} rows`)
})

const command = Command.make("upsertEvents", { table: Argument.String("table") }, ({ table }) =>
  Effect.provide(upsertAll(table), NodeCarto.layerConfig())
)

Command.run(command, { version: "1.0.0" }).pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
