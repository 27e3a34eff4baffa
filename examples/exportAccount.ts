/**
 * A copy of an account on the disk: of each dataset the rows as CSV, the statements that make its table again, and a
 * line in `manifest.ndjson`. Run again, it writes only what is new or has changed since; broken off, it goes on where
 * it was, since a line is written when its files are complete. Rows stream through, whatever the size of a table.
 *
 *     CARTO_API_URL=… CARTO_API_KEY=… node exportAccount.ts /backup/alice
 */
import { join } from "node:path"
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Datasets, Literal, type Visualization } from "@effect-carto/core"
import { NodeCarto, NodeCopy, NodeFile } from "@effect-carto/node"
import { Console, DateTime, Effect, FileSystem, Schema, Stream } from "effect"
import { Argument, Command } from "effect/cli"
import { Ndjson } from "effect/encoding"

const Entry = Schema.Struct({
  name: Schema.String,
  /** Of the rows, in bytes. */
  size: Schema.Int,
  /** As the dashboard had it before the export. */
  updated_at: Schema.DateTimeUtcFromString,
  exported_at: Schema.DateTimeUtcFromString
})
type Entry = typeof Entry.Type

/** The last entry of each dataset. No manifest is an empty one. */
const readManifest = Effect.fn("readManifest")(function* (path: string) {
  const fs = yield* FileSystem.FileSystem
  if (!(yield* fs.exists(path))) return new Map<string, Entry>()
  return yield* NodeFile.read(path).pipe(
    Stream.pipeThroughChannel(Ndjson.decodeSchema(Entry)()),
    Stream.runFold(
      () => new Map<string, Entry>(),
      (entries, entry) => entries.set(entry.name, entry)
    )
  )
})

const addEntry = (path: string, entry: Entry) =>
  NodeFile.writeAtomic(path, Stream.make(entry).pipe(Stream.pipeThroughChannel(Ndjson.encodeSchema(Entry)())), {
    append: true
  })

const exportDataset = Effect.fn("exportDataset")(function* (folder: string, dataset: Visualization.Visualization) {
  const datasets = yield* Datasets
  const { name, updated_at } = dataset
  const table = Literal.identifier(name)
  // A table may be called almost anything, a file may not.
  const file = join(folder, encodeURIComponent(name))
  const ddl = yield* datasets.ddl(table)
  yield* NodeFile.writeAtomic(`${file}.sql`, Stream.encodeText(Stream.make(ddl)))
  const { bytes } = yield* NodeCopy.toFile(table, `${file}.csv`)
  return { name, size: bytes, updated_at, exported_at: yield* DateTime.now }
})

const exportAll = Effect.fn("exportAll")(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const datasets = yield* Datasets
  yield* fs.makeDirectory(folder, { recursive: true })
  const manifest = join(folder, "manifest.ndjson")
  const known = yield* readManifest(manifest)
  const isCurrent = ({ name, updated_at }: Visualization.Visualization) => {
    const entry = known.get(name)
    return entry !== undefined && DateTime.isGreaterThanOrEqualTo(entry.updated_at, updated_at)
  }
  const written = yield* datasets.list({ shared: "no" }).pipe(
    Stream.filter((dataset) => !isCurrent(dataset)),
    // Two tables at a time; the manifest takes one line after the other.
    Stream.mapEffect((dataset) => exportDataset(folder, dataset), { concurrency: 2, unordered: true }),
    Stream.tap((entry) => addEntry(manifest, entry)),
    Stream.tap(({ name, size }) => Console.log(`${name}: ${size} bytes`)),
    Stream.runCount
  )
  yield* Console.log(`${written} datasets written to ${folder}`)
})

const command = Command.make("exportAccount", { folder: Argument.Path("folder") }, ({ folder }) =>
  Effect.provide(exportAll(folder), NodeCarto.layerConfig({ readOnly: true }))
)

Command.run(command, { version: "1.0.0" }).pipe(Effect.provide(NodeServices.layer), NodeRuntime.runMain)
