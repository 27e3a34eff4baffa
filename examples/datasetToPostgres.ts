/**
 * Moves a dataset into a PostgreSQL with PostGIS of your own: the rows of CARTO's COPY go straight into the other
 * server's COPY, in constant memory and without a file between. They arrive beside the old table, which is replaced
 * in one transaction at the end; after a failure it is as it was.
 *
 *     CARTO_API_URL=… CARTO_API_KEY=… TARGET_URL=postgres://… node datasetToPostgres.ts cities
 */
import { NodeRuntime, NodeServices, NodeSink } from "@effect/platform-node"
import { type DatasetDescription, Datasets, Literal, SqlCopy } from "@effect-carto/core"
import { NodeCarto } from "@effect-carto/node"
import { Config, Console, Context, Effect, Layer, Redacted, Schema, Stream } from "effect"
import { Argument, Command } from "effect/cli"
import { Client } from "pg"
import { from as copyFrom } from "pg-copy-streams"

class TargetError extends Schema.TaggedError<TargetError>()("TargetError", { cause: Schema.Defect() }) {
  override get message(): string {
    return `the target: ${this.cause instanceof Error ? this.cause.message : this.cause}`
  }
}

class Target extends Context.Service<
  Target,
  {
    readonly run: (sql: string) => Effect.Effect<void, TargetError>
    readonly load: <E>(table: string, rows: Stream.Stream<Uint8Array, E>) => Effect.Effect<void, E | TargetError>
  }
>()("example/Target") {
  static readonly layer = Layer.effect(
    Target,
    Effect.gen(function* () {
      const url = yield* Config.Redacted("TARGET_URL")
      const attempt = <A>(run: () => Promise<A>) =>
        Effect.tryPromise({ try: run, catch: (cause) => new TargetError({ cause }) })
      const client = yield* Effect.acquireRelease(
        Effect.sync(() => new Client(Redacted.value(url))),
        (client) => Effect.ignore(attempt(() => client.end()))
      )
      yield* attempt(() => client.connect())
      return Target.of({
        run: (sql) => Effect.asVoid(attempt(() => client.query(sql))),
        // When CARTO breaks off, the sink destroys its stream, and the target takes all back.
        load: (table, rows) =>
          Stream.run(
            rows,
            NodeSink.fromWritable({
              evaluate: () => client.query(copyFrom(`copy ${table} from stdin`)),
              onError: (cause) => new TargetError({ cause })
            })
          )
      })
    })
  )
}

/** Columns and types, without what only CARTO has: its sequences, triggers and functions. */
const columnsOf = ({ columns }: DatasetDescription) =>
  columns
    .map(({ isNullable, name, type }) => `${Literal.identifier(name)} ${type}${isNullable ? "" : " not null"}`)
    .join(", ")

const keysAndIndexes = (table: string, { constraints, geometries }: DatasetDescription) => [
  ...constraints
    .filter(({ definition }) => definition.startsWith("PRIMARY KEY"))
    .map(({ definition }) => `alter table ${table} add ${definition}`),
  ...geometries.map(({ column }) => `create index on ${table} using gist (${Literal.identifier(column)})`)
]

const migrate = Effect.fn("migrate")(function* (dataset: string) {
  const datasets = yield* Datasets
  const copy = yield* SqlCopy
  const target = yield* Target
  const description = yield* datasets.describe(dataset)
  const table = Literal.identifier(description.name)
  const staging = Literal.identifier(`${description.name}_incoming`)

  yield* target.run("create extension if not exists postgis")
  yield* target.run(`drop table if exists ${staging}; create table ${staging} (${columnsOf(description)})`)
  yield* target
    .load(
      staging,
      copy.to(dataset, {
        format: "text",
        columns: description.columns.map(({ name }) => name),
        onProgress: ({ bytes }) => Effect.logDebug(`${bytes} bytes`)
      })
    )
    .pipe(Effect.onError(() => Effect.ignore(target.run(`drop table if exists ${staging}`))))
  // Statements of one text are one transaction.
  yield* target.run(
    [
      `drop table if exists ${table}`,
      `alter table ${staging} rename to ${table}`,
      ...keysAndIndexes(table, description),
      `analyze ${table}`
    ].join("; ")
  )
  yield* Console.log(`${dataset} is in the target, with ${description.columns.length} columns`)
})

const command = Command.make("datasetToPostgres", { dataset: Argument.String("dataset") }, ({ dataset }) =>
  Effect.provide(migrate(dataset), Layer.merge(Target.layer, NodeCarto.layerConfig({ readOnly: true })))
)

Command.run(command, { version: "1.0.0" }).pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
