/** Completes a stream in a temporary file before its first byte goes on. */
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Stream from "effect/Stream"

/** Fails before the first byte or not at all; memory stays flat. The file is gone when the stream ends. */
export const spool = <E, R>(
  bytes: Stream.Stream<Uint8Array, E, R>
): Stream.Stream<Uint8Array, E, R | FileSystem.FileSystem> =>
  Effect.gen(function* () {
    const fileSystem = yield* FileSystem.FileSystem
    const path = yield* Effect.orDie(fileSystem.makeTempFileScoped({ prefix: "carto-emulator-" }))
    const file = yield* Effect.orDie(fileSystem.open(path, { flag: "w" }))
    yield* Stream.runForEach(bytes, (piece) => Effect.orDie(file.writeAll(piece)))
    return Stream.orDie(fileSystem.stream(path))
  }).pipe(Stream.unwrap)
