/** A file that takes another one's place when it is complete. */
import { randomUUID } from "node:crypto"
import { constants, createReadStream, createWriteStream, type Stats, type WriteStream } from "node:fs"
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
  const { before, path } = yield* locate(name, onError)
  if (before !== undefined && !before.isFile()) return yield* directly(name, bytes)
  return yield* beside(path, before, onError, (temporary, file) =>
    Effect.tap(pour(file, bytes, onError), () =>
      append && before !== undefined ? addTo(path, temporary, onError) : rename(temporary, path, onError)
    )
  )
})

/** For what others write by its path, such as a database: `use` finds an empty file there, and leaves it complete. */
export const replace = Effect.fnUntraced(function* <A, E, R>(
  name: string,
  onError: OnError,
  use: (temporary: string) => Effect.Effect<A, E, R>
): Effect.fn.Return<A, CartoError | E, R> {
  const { before, path } = yield* locate(name, onError)
  if (before !== undefined && !before.isFile()) return yield* onError(new Error("it is a pipe or a device"))
  return yield* beside(path, before, onError, (temporary, file) =>
    close(file).pipe(
      Effect.andThen(use(temporary)),
      Effect.tap(() => Effect.andThen(flush(temporary, onError), rename(temporary, path, onError)))
    )
  )
})

/** Where the file is, behind all symbolic links, so that these stay, and what is there. */
const locate = Effect.fnUntraced(function* (name: string, onError: OnError) {
  const path = (yield* unlessMissing(onError, () => Fs.realpath(name))) ?? name
  const before = yield* unlessMissing(onError, () => Fs.stat(path))
  if (before?.isDirectory()) return yield* onError({ code: "EISDIR" })
  // Replacing needs no right on the old file, but who protected it from being written did not want it replaced.
  if (before?.isFile() === true) yield* attempt(onError, () => Fs.access(path, constants.W_OK))
  return { before, path }
})

const flush = (path: string, onError: OnError): Effect.Effect<void, CartoError> =>
  Effect.acquireUseRelease(
    attempt(onError, () => Fs.open(path, "r+")),
    (file) => attempt(onError, () => file.sync()),
    (file) => Effect.promise(() => file.close())
  )

/** A pipe or a device holds nothing that could be lost, and cannot be flushed. */
const directly = <E, R>(path: string, bytes: Stream.Stream<Uint8Array, E, R>) => {
  const onError = refused("NodeFile.writeAtomic", "write", path)
  return Effect.acquireUseRelease(
    open(path, { flags: "w", flush: false }, onError),
    (file) => pour(file, bytes, onError),
    close
  )
}

/** Runs `use` with an empty file in the same directory, whose name nobody can have prepared, and takes it away. */
const beside = <A, E, R>(
  path: string,
  before: Stats | undefined,
  onError: OnError,
  use: (temporary: string, file: WriteStream) => Effect.Effect<A, E, R>
): Effect.Effect<A, CartoError | E, R> => {
  const temporary = Path.join(Path.dirname(path), `.carto-${randomUUID()}.tmp`)
  return Effect.acquireUseRelease(
    open(temporary, { flags: "wx", flush: true, mode: before === undefined ? 0o666 : 0o600 }, onError),
    (file) =>
      Effect.andThen(
        before === undefined ? Effect.void : belikeBefore(temporary, before, onError),
        use(temporary, file)
      ),
    (file) =>
      Effect.andThen(
        close(file),
        Effect.promise(() => Fs.rm(temporary, { force: true }))
      )
  )
}

/** The old file's mode, and its owner if we may: only root may give a file away. */
const belikeBefore = (path: string, before: Stats, onError: OnError) =>
  Effect.gen(function* () {
    const { uid, gid } = yield* attempt(onError, () => Fs.stat(path))
    if (uid !== before.uid || gid !== before.gid) {
      yield* Effect.tryPromise({ try: () => Fs.chown(path, before.uid, before.gid), catch: (error) => error }).pipe(
        Effect.catch((error) => (codeOf(error) === "EPERM" ? Effect.void : Effect.fail(onError(error))))
      )
    }
    yield* attempt(onError, () => Fs.chmod(path, before.mode & 0o7777))
  })

const rename = (from: string, to: string, onError: OnError) =>
  Effect.uninterruptible(attempt(onError, () => Fs.rename(from, to)))

const addTo = Effect.fnUntraced(function* (path: string, temporary: string, onError: OnError) {
  const { size } = yield* attempt(onError, () => Fs.stat(path))
  const added = NodeStream.fromReadable<Uint8Array, CartoError>({
    evaluate: () => createReadStream(temporary, { highWaterMark: writeSize }),
    onError
  })
  yield* Effect.acquireUseRelease(
    open(path, { flags: "a", flush: true }, onError),
    (file) => pour(file, added, onError),
    close
  ).pipe(Effect.onError(() => cutBack(path, size)))
})

const cutBack = (path: string, size: number): Effect.Effect<void> =>
  Effect.tryPromise(() => Fs.truncate(path, size)).pipe(
    Effect.catch(() => Effect.logError(`"${path}" could not be cut back to the ${size} bytes that it had before.`))
  )

/** Node joins what waits in a buffer of this size to one write. */
const writeSize = 1 << 20

interface OpenOptions {
  readonly flags: "w" | "wx" | "a"
  /** Closing waits until the disk has it. */
  readonly flush: boolean
  readonly mode?: number
}

/** Ends when the file is open, so that nothing is asked for that cannot be written. */
const open = (path: string, options: OpenOptions, onError: OnError): Effect.Effect<WriteStream, CartoError> =>
  Effect.callback((resume) => {
    const file = createWriteStream(path, { ...options, highWaterMark: writeSize })
    const onOpenError = (error: Error) => resume(Effect.fail(onError(error)))
    file.once("error", onOpenError)
    file.once("open", () => {
      file.off("error", onOpenError)
      resume(Effect.succeed(file))
    })
  })

/** Ends when all is written and the file is closed. */
const pour = <E, R>(file: WriteStream, bytes: Stream.Stream<Uint8Array, E, R>, onError: OnError) =>
  Effect.map(
    Stream.run(bytes, NodeSink.fromWritable({ evaluate: () => file, onError })),
    (): Written => ({ bytes: file.bytesWritten })
  )

/** After `pour` it is closed already. Otherwise it is given up, and what else fails does not matter. */
const close = (file: WriteStream): Effect.Effect<void> =>
  Effect.callback((resume) => {
    if (file.closed) return resume(Effect.void)
    file.on("error", () => undefined)
    file.once("close", () => resume(Effect.void))
    file.destroy()
  })

const attempt = <A>(onError: OnError, run: () => Promise<A>): Effect.Effect<A, CartoError> =>
  Effect.tryPromise({ try: run, catch: onError })

const unlessMissing = <A>(onError: OnError, run: () => Promise<A>): Effect.Effect<A | undefined, CartoError> =>
  Effect.tryPromise({ try: run, catch: (error) => error }).pipe(
    Effect.catch((error) => (codeOf(error) === "ENOENT" ? Effect.succeed(undefined) : Effect.fail(onError(error))))
  )
