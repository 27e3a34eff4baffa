/** A file that takes another one's place when it is complete. */
import { randomUUID } from "node:crypto"
import { constants, createReadStream, type Stats } from "node:fs"
import * as Fs from "node:fs/promises"
import * as Path from "node:path"
import * as NodeSink from "@effect/platform-node/NodeSink"
import * as NodeStream from "@effect/platform-node/NodeStream"
import type { CartoError } from "@effect-carto/core/CartoError"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { codeOf, refused } from "./systemError.ts"

interface Written {
  readonly bytes: number
}

/** Says what failed in the words of the target that the user named. */
type OnError = (error: unknown) => CartoError

export const write = Effect.fnUntraced(function* <E, R>(
  name: string,
  bytes: Stream.Stream<Uint8Array, E, R>,
  append: boolean
): Effect.fn.Return<Written, CartoError | E, R> {
  const onError = refused("NodeFile.writeAtomic", "write", name, "; nothing was changed")
  // Behind all symbolic links, so that these stay.
  const path = (yield* unlessMissing(onError, () => Fs.realpath(name))) ?? name
  const stats = yield* unlessMissing(onError, () => Fs.stat(path))
  if (stats === undefined) {
    return yield* beside(path, undefined, onError, (temporary, file) =>
      Effect.tap(pour(file, bytes, onError), () => rename(temporary, path, onError))
    )
  }
  if (stats.isDirectory()) return yield* onError({ code: "EISDIR" })
  if (!stats.isFile()) return yield* directly(name, bytes)
  // Replacing needs no right on the old file, but who protected it from being written did not want it replaced.
  yield* attempt(onError, () => Fs.access(path, constants.W_OK))
  return yield* beside(path, stats, onError, (temporary, file) =>
    Effect.tap(pour(file, bytes, onError), () =>
      append ? addTo(path, temporary, onError) : rename(temporary, path, onError)
    )
  )
})

/** A pipe or a device holds nothing that could be lost. */
const directly = <E, R>(path: string, bytes: Stream.Stream<Uint8Array, E, R>) => {
  const onError = refused("NodeFile.writeAtomic", "write", path)
  return withFile(
    attempt(onError, () => Fs.open(path, "w")),
    (file) => pour(file, bytes, onError, { flush: false })
  )
}

/** Runs `use` with an empty file in the same directory, whose name nobody can have prepared, and takes it away. */
const beside = <A, E, R>(
  path: string,
  before: Stats | undefined,
  onError: OnError,
  use: (temporary: string, file: Fs.FileHandle) => Effect.Effect<A, E, R>
): Effect.Effect<A, CartoError | E, R> => {
  const temporary = Path.join(Path.dirname(path), `.carto-${randomUUID()}.tmp`)
  const create = attempt(onError, () => Fs.open(temporary, "wx", before === undefined ? 0o666 : 0o600))
  return Effect.acquireUseRelease(
    create,
    (file) =>
      Effect.andThen(before === undefined ? Effect.void : belikeBefore(file, before, onError), use(temporary, file)),
    (file) =>
      Effect.andThen(
        close(file),
        Effect.promise(() => Fs.rm(temporary, { force: true }))
      )
  )
}

/** The old file's mode, and its owner if we may: only root may give a file away. */
const belikeBefore = (file: Fs.FileHandle, before: Stats, onError: OnError) =>
  Effect.gen(function* () {
    const { uid, gid } = yield* attempt(onError, () => file.stat())
    if (uid !== before.uid || gid !== before.gid) {
      yield* Effect.tryPromise({ try: () => file.chown(before.uid, before.gid), catch: (error) => error }).pipe(
        Effect.catch((error) => (codeOf(error) === "EPERM" ? Effect.void : Effect.fail(onError(error))))
      )
    }
    yield* attempt(onError, () => file.chmod(before.mode & 0o7777))
  })

/** Node joins what waits in a buffer of this size to one write. */
const writeSize = 1 << 20

/** Ends when the file is closed, and with `flush` when the disk has it. */
const pour = <E, R>(
  file: Fs.FileHandle,
  bytes: Stream.Stream<Uint8Array, E, R>,
  onError: OnError,
  { flush } = { flush: true }
): Effect.Effect<Written, CartoError | E, R> =>
  Effect.acquireUseRelease(
    Effect.sync(() => file.createWriteStream({ highWaterMark: writeSize, flush })),
    (writable) =>
      Effect.map(Stream.run(bytes, NodeSink.fromWritable({ evaluate: () => writable, onError })), () => ({
        bytes: writable.bytesWritten
      })),
    // A file cannot be closed as long as a stream has it.
    (writable) => Effect.sync(() => writable.destroy())
  )

const rename = (from: string, to: string, onError: OnError) =>
  Effect.uninterruptible(attempt(onError, () => Fs.rename(from, to)))

const addTo = (path: string, temporary: string, onError: OnError): Effect.Effect<Written, CartoError> =>
  withFile(
    attempt(onError, () => Fs.open(path, "a")),
    (file) =>
      Effect.gen(function* () {
        const { size } = yield* attempt(onError, () => file.stat())
        const added = NodeStream.fromReadable<Uint8Array, CartoError>({
          evaluate: () => createReadStream(temporary, { highWaterMark: writeSize }),
          onError
        })
        return yield* Effect.onError(pour(file, added, onError), () => cutBack(path, size))
      })
  )

const cutBack = (path: string, size: number): Effect.Effect<void> =>
  Effect.tryPromise(() => Fs.truncate(path, size)).pipe(
    Effect.catch(() => Effect.logError(`"${path}" could not be cut back to the ${size} bytes that it had before.`))
  )

const attempt = <A>(onError: OnError, run: () => Promise<A>): Effect.Effect<A, CartoError> =>
  Effect.tryPromise({ try: run, catch: onError })

const unlessMissing = <A>(onError: OnError, run: () => Promise<A>): Effect.Effect<A | undefined, CartoError> =>
  Effect.tryPromise({ try: run, catch: (error) => error }).pipe(
    Effect.catch((error) => (codeOf(error) === "ENOENT" ? Effect.succeed(undefined) : Effect.fail(onError(error))))
  )

const withFile = <A, E, R>(
  open: Effect.Effect<Fs.FileHandle, CartoError>,
  use: (file: Fs.FileHandle) => Effect.Effect<A, E, R>
): Effect.Effect<A, CartoError | E, R> => Effect.acquireUseRelease(open, use, close)

/** A stream that ended has closed its file by itself; closing it again does nothing. */
const close = (file: Fs.FileHandle): Effect.Effect<void> => Effect.promise(() => file.close())
