/** Files as byte streams: read in large pieces, and written so that no failure touches what was there before. */
import { createReadStream } from "node:fs"
import * as Fs from "node:fs/promises"
import * as NodeStream from "@effect/platform-node/NodeStream"
import type { CartoError } from "@effect-carto/core/CartoError"
import * as Effect from "effect/Effect"
import type * as Stream from "effect/Stream"
import { isGzip } from "./internal/isGzip.ts"
import { readSize } from "./internal/lentFile.ts"
import * as Folder from "./internal/makeFolder.ts"
import * as Replacement from "./internal/replacement.ts"
import { refused } from "./internal/systemError.ts"

/** The file's bytes. Every run opens it anew, so an upload that is repeated starts at the beginning. */
export const read = (path: string): Stream.Stream<Uint8Array, CartoError> =>
  NodeStream.fromReadable<Uint8Array, CartoError>({
    evaluate: () => createReadStream(path, { highWaterMark: readSize }),
    onError: refused("NodeFile.read", "read", path)
  })

export interface Facts {
  /** In bytes. None for a pipe or a device, which does not know it. */
  readonly size: number | undefined
  /** By its first bytes, whatever its name. A pipe is not looked into. */
  readonly isGzip: boolean
}

/** What can be known of a file before it is read. Fails when it cannot be read, so that nothing needs to be sent. */
export const inspect = Effect.fn("NodeFile.inspect")(function* (path: string): Effect.fn.Return<Facts, CartoError> {
  const onError = refused("NodeFile.inspect", "read", path)
  const stats = yield* Effect.tryPromise({ try: () => Fs.stat(path), catch: onError })
  if (stats.isDirectory()) return yield* onError({ code: "EISDIR" })
  if (!stats.isFile()) return { size: undefined, isGzip: false }
  const bytes = yield* beginning(path, onError)
  return { size: stats.size, isGzip: isGzip(bytes) }
})

const beginning = (path: string, onError: (error: unknown) => CartoError) =>
  Effect.acquireUseRelease(
    Effect.tryPromise({ try: () => Fs.open(path), catch: onError }),
    (file) => Effect.tryPromise({ try: () => file.read(Buffer.alloc(2), 0, 2, 0), catch: onError }),
    (file) => Effect.promise(() => file.close())
  ).pipe(Effect.map(({ buffer, bytesRead }) => buffer.subarray(0, bytesRead)))

export interface WriteOptions {
  /** Behind what the file holds, instead of in its place. A missing file is created. Default false. */
  readonly append?: boolean | undefined
}

/**
 * Writes beside the target, and puts it in its place when the stream has ended well and the disk has it. After any
 * failure or interruption the old file is there as it was, and nothing else. The file keeps its mode; a symbolic link
 * stays one. Pipes and devices are written as they come.
 *
 * With `append` the new bytes are added in one go at the end, and cut off again should the disk fail in it. Only that
 * moment is not safe from a power cut, and nobody else may write to the file meanwhile.
 */
export const writeAtomic: <E, R>(
  path: string,
  bytes: Stream.Stream<Uint8Array, E, R>,
  options?: WriteOptions
) => Effect.Effect<{ readonly bytes: number }, CartoError | E, R> = Effect.fn("NodeFile.writeAtomic")(
  (path, bytes, options) => Replacement.write(path, bytes, options?.append ?? false)
)

export interface FolderOptions {
  /** Of the folders that are made, such as `0o700`. Default what the process gives new folders. */
  readonly mode?: number | undefined
}

/** Makes a folder with all its parents, if it is not there. */
export const makeFolder = (path: string, options?: FolderOptions): Effect.Effect<void, CartoError> =>
  Effect.tryPromise({
    try: () => Folder.makeFolder(path, options?.mode),
    catch: refused("NodeFile.makeFolder", "make", path)
  })
