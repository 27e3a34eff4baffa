/**
 * The nightly load: each CSV file of a folder replaces the rows of the dataset of its name; a name that is new is
 * imported. A file that fails is told and stops no other. The exit code is 1 when any failed, so that cron mails it.
 *
 *     CARTO_API_URL=… CARTO_API_KEY=… node nightlyLoad.ts /data/nightly
 */
import { join } from "node:path"
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { type CartoError, DatasetRows, Datasets, Deadline, Imports } from "@effect-carto/core"
import { NodeCarto, NodeImport } from "@effect-carto/node"
import { Console, Effect, FileSystem, Result, Runtime, Schema } from "effect"
import { Argument, Command } from "effect/cli"

class FilesFailed extends Schema.TaggedError<FilesFailed>()("FilesFailed", { files: Schema.Array(Schema.String) }) {
  // Each failure has had its line, so that the runtime need not say it again.
  override readonly [Runtime.errorReported] = false
}

const exists = Effect.fn("exists")(function* (dataset: string) {
  const datasets = yield* Datasets
  return yield* datasets.get(dataset).pipe(
    Effect.as(true),
    Effect.catchReason("CartoError", "NotFoundError", () => Effect.succeed(false))
  )
})

const loadFile = Effect.fn("loadFile")(function* (path: string) {
  const datasets = yield* Datasets
  const imports = yield* Imports
  const source = NodeImport.file(path)
  // The server's own rules: "Sales 2026.csv" is the dataset sales_2026.
  const { name } = yield* imports.inspect(source)
  if (name === undefined || !(yield* exists(name))) {
    const made = yield* datasets.create(source, { privacy: "private" })
    return `new dataset ${made.map((dataset) => dataset.name).join(", ")}`
  }
  // By way of an import, types and coordinates are guessed as on the first night. Where the columns are those of the
  // table letter by letter, `DatasetRows.bytes(NodeFile.read(path))` goes through COPY, without an import slot.
  const { rows } = yield* datasets.replace(name, DatasetRows.imported(source))
  return `replaced ${name}${rows === undefined ? "" : `, ${rows} rows`}`
})

const tell = (file: string, result: Result.Result<string, CartoError>) =>
  Result.match(result, {
    onSuccess: (done) => Console.log(`${file}: ${done}`),
    onFailure: ({ advice, message }) => Console.error(`${file}: ${message}\n  ${advice}`)
  })

const loadFolder = Effect.fn("loadFolder")(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const files = (yield* fs.readDirectory(folder)).filter((file) => file.toLowerCase().endsWith(".csv")).sort()
  const failed = yield* Effect.filter(
    files,
    (file) =>
      loadFile(join(folder, file)).pipe(
        Deadline.within("nightlyLoad", "1 hour"),
        Effect.result,
        Effect.tap((result) => tell(file, result)),
        Effect.map(Result.isFailure)
      ),
    // What is too much for the account's import slots waits for them.
    { concurrency: 3 }
  )
  yield* Console.log(`${files.length - failed.length} of ${files.length} files loaded`)
  if (failed.length > 0) return yield* new FilesFailed({ files: failed })
})

const command = Command.make(
  "nightlyLoad",
  { folder: Argument.Directory("folder", { mustExist: true }) },
  ({ folder }) => Effect.provide(loadFolder(folder), NodeCarto.layerConfig())
)

Command.run(command, { version: "1.0.0" }).pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
