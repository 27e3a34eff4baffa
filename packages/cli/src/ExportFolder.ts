/**
 * Many things, each into a file of one folder: whole or not there, some at a time, in memory that does not grow. A run
 * that was broken off, or that failed in parts, is gone on with by running it again.
 */
import { createHash } from "node:crypto"
import { join } from "node:path"
import { CartoClient } from "@effect-carto/core/CartoClient"
import type { CartoError } from "@effect-carto/core/CartoError"
import * as NodeFile from "@effect-carto/node/NodeFile"
import * as Clock from "effect/Clock"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Equal from "effect/Equal"
import * as FileSystem from "effect/FileSystem"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type * as Schema from "effect/Schema"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import { type CommandError, failure } from "./CommandError.ts"
import { guard } from "./DryRun.ts"
import * as Manifest from "./ExportManifest.ts"
import * as Quantity from "./format/Quantity.ts"
import * as Output from "./Output.ts"
import * as Progress from "./Progress.ts"
import * as Records from "./Records.ts"
import { adviceOn } from "./report.ts"

type Failure = CartoError | CommandError

/** One thing to write. */
export interface Item<R> {
  readonly id: string
  readonly name: string
  /** In the folder, with its extension. */
  readonly file: string
  /** Looks at it as it is now. */
  readonly prepare: Effect.Effect<Prepared<R>, Failure, R>
}

export interface Prepared<R> {
  /** Another one when the bytes may be others; undefined where nobody can know. */
  readonly version: string | undefined
  /** Small files beside the data, by name. */
  readonly companions?: Readonly<Record<string, string>> | undefined
  readonly data: Stream.Stream<Uint8Array, Failure, R>
  /** What the manifest tells of it beside bytes and checksum. */
  readonly about: Readonly<Record<string, Schema.Json>>
  /** The rows in the data, when all of it has gone by. */
  readonly rows?: (() => number) | undefined
}

/** What became of one. */
export interface Outcome {
  readonly id: string
  readonly name: string
  readonly status: "written" | "unchanged" | "failed"
  readonly file: string
  readonly bytes?: number | undefined
  readonly rows?: number | undefined
  readonly sha256?: string | undefined
  readonly seconds?: number | undefined
  readonly error?: string | undefined
  readonly advice?: string | undefined
}

export interface Options {
  readonly folder: string
  readonly kind: Manifest.Kind
  readonly concurrency: number
  /** Read the files that are there, and write those anew that are not what they were. */
  readonly verify: boolean
}

const shape = Records.shape(["name", "status", "file", "rows", "bytes", "sha256", "seconds", "error", "advice", "id"])

/** Writes all of them and tells how it went; with `--json` the outcomes. Fails in the end when one of them has failed. */
export const run = Effect.fnUntraced(function* <R, R2>(
  options: Options,
  items: Effect.Effect<ReadonlyArray<Item<R>>, Failure, R2>
) {
  const start = yield* Clock.currentTimeMillis
  let outcomes: ReadonlyArray<Outcome> = []
  const work = Effect.tap(
    Effect.flatMap(items, (all) => write(options, all)),
    (all) =>
      Effect.sync(() => {
        outcomes = all
      })
  )
  yield* (yield* Records.isJson) ? Records.list(shape, Stream.fromIterableEffect(work)) : work
  const time = Duration.millis((yield* Clock.currentTimeMillis) - start)
  yield* Output.note(summary(options, outcomes, time))
  const failed = outcomes.filter(({ status }) => status === "failed")
  if (failed.length > 0) {
    return yield* failure(
      `${failed.length} of ${outcomes.length} ${options.kind} were not exported:\n${failed.map(({ error, name }) => `  ${name}: ${error}`).join("\n")}`,
      "Run it again: what is complete and unchanged is not read again."
    )
  }
})

/** `exported 80 datasets to backup: 66 written, 14 unchanged (1,234,567 rows, 5.2 GB, 12 m 3 s)`. */
const summary = ({ folder, kind }: Options, outcomes: ReadonlyArray<Outcome>, time: Duration.Duration): string => {
  const good = outcomes.filter(({ status }) => status !== "failed")
  const written = good.filter(({ status }) => status === "written").length
  const sum = (member: "rows" | "bytes") => good.reduce((total, outcome) => total + (outcome[member] ?? 0), 0)
  const rows = kind === "datasets" ? `${Quantity.rows(sum("rows"))}, ` : ""
  return `exported ${Quantity.count(good.length)} of ${Quantity.count(outcomes.length)} ${kind} to ${folder}: ${Quantity.count(written)} written, ${Quantity.count(good.length - written)} unchanged (${rows}${Quantity.bytes(sum("bytes"))}, ${Quantity.duration(time)})`
}

/** Tells of each on standard error. One that fails does not end the others. */
const write = Effect.fnUntraced(function* <R>(options: Options, items: ReadonlyArray<Item<R>>) {
  const { folder, kind } = options
  const { account } = yield* CartoClient
  const start = yield* Manifest.open(folder, kind, account.baseUrl)
  yield* guard(`write ${items.length} ${kind} into ${folder}`)(Manifest.save(folder, start))

  const entries = new Map(start.entries.map((entry) => [entry.id, entry]))
  const one = yield* Semaphore.make(1)
  const keep = (entry: Manifest.Entry) =>
    one.withPermits(1)(
      Effect.suspend(() => {
        entries.set(entry.id, entry)
        return Manifest.save(folder, { ...start, entries: [...entries.values()] })
      })
    )
  const report = yield* Progress.make({ isShown: false })
  const sum = { bytes: 0, done: 0 }
  const onBytes = (bytes: number) => {
    sum.bytes += bytes
    return report({ bytes: sum.bytes, label: `${Quantity.count(sum.done)} of ${Quantity.count(items.length)} ${kind}` })
  }
  return yield* Stream.fromIterable(items).pipe(
    Stream.mapEffect(
      (item) =>
        Effect.gen(function* () {
          const outcome = yield* exported(item, options, entries.get(item.id), { keep, onBytes })
          sum.done += 1
          return outcome
        }),
      { concurrency: options.concurrency, unordered: true }
    ),
    Stream.runCollect
  )
}, Effect.scoped)

interface Surroundings {
  readonly keep: (entry: Manifest.Entry) => Effect.Effect<void, Failure, FileSystem.FileSystem>
  readonly onBytes: (bytes: number) => Effect.Effect<void>
}

const exported = Effect.fnUntraced(function* <R>(
  item: Item<R>,
  options: Options,
  known: Manifest.Entry | undefined,
  surroundings: Surroundings
) {
  const start = yield* Clock.currentTimeMillis
  const common = { id: item.id, name: item.name, file: item.file }
  const result = yield* Effect.result(attempt(item, options, known, surroundings))
  const seconds = ((yield* Clock.currentTimeMillis) - start) / 1000
  if (Result.isFailure(result)) {
    const error = result.failure
    const isCarto = error._tag === "CartoError"
    const message = isCarto ? error.reason.message : error.message
    const advice = isCarto ? adviceOn(error) : error.advice
    yield* Output.note(`failed ${item.name}: ${message}`)
    const outcome: Outcome = { ...common, status: "failed", seconds, error: message, advice }
    return outcome
  }
  const { entry, status } = result.success
  const rows = typeof entry.rows === "number" ? entry.rows : undefined
  const outcome: Outcome = { ...common, status, bytes: entry.bytes, rows, sha256: entry.sha256, seconds }
  if (status === "written") {
    const counted = rows === undefined ? "" : `${Quantity.rows(rows)}, `
    const time = Quantity.duration(Duration.seconds(seconds))
    yield* Output.note(`wrote ${item.file} (${counted}${Quantity.bytes(entry.bytes)}, ${time})`)
  }
  return outcome
})

const attempt = Effect.fnUntraced(function* <R>(
  item: Item<R>,
  { folder, verify }: Options,
  known: Manifest.Entry | undefined,
  { keep, onBytes }: Surroundings
): Effect.fn.Return<
  { readonly entry: Manifest.Entry; readonly status: "written" | "unchanged" },
  Failure,
  R | FileSystem.FileSystem
> {
  const path = join(folder, item.file)
  const { about, companions, data, rows, version } = yield* item.prepare
  for (const [name, text] of Object.entries(companions ?? {})) {
    yield* NodeFile.writeAtomic(join(folder, name), Stream.encodeText(Stream.succeed(text)))
  }
  const isSame = known !== undefined && version !== undefined && known.version === version && known.file === item.file
  if (isSame && (yield* isComplete(path, known, verify))) {
    // Another privacy or description is told, though it changes no byte.
    const entry = { ...known, ...about, name: item.name }
    if (!Equal.equals(entry, known)) yield* keep(entry)
    return { entry, status: "unchanged" as const }
  }
  const hash = createHash("sha256")
  const { bytes } = yield* NodeFile.writeAtomic(
    path,
    Stream.tap(data, (chunk) => {
      hash.update(chunk)
      return onBytes(chunk.length)
    })
  )
  const entry = {
    ...about,
    ...(rows === undefined ? {} : { rows: rows() }),
    id: item.id,
    name: item.name,
    file: item.file,
    bytes,
    sha256: hash.digest("hex"),
    version: version ?? null,
    exported_at: DateTime.formatIso(yield* DateTime.now)
  }
  yield* keep(entry)
  return { entry, status: "written" as const }
})

/** Whether the file is still what was written. */
const isComplete = Effect.fnUntraced(function* (path: string, { bytes, sha256 }: Manifest.Entry, verify: boolean) {
  const fs = yield* FileSystem.FileSystem
  const stats = yield* Effect.option(fs.stat(path))
  if (Option.isNone(stats) || stats.value.type !== "File" || Number(stats.value.size) !== bytes) return false
  if (!verify) return true
  const hash = createHash("sha256")
  yield* Stream.runForEach(NodeFile.read(path), (chunk) => Effect.sync(() => hash.update(chunk)))
  return hash.digest("hex") === sha256
})
