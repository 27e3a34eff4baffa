/** Files that only the user may read (0600), in directories of the user's own (0700). */
import * as NodeFile from "@effect-carto/node/NodeFile"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Path from "effect/Path"
import * as Random from "effect/Random"

/** Written beside and renamed, so that a reader never sees half of it. */
export const replace = Effect.fnUntraced(function* (file: string, text: string) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const directory = path.dirname(file)
  yield* NodeFile.makeFolder(directory, { mode: 0o700 })
  // It may have been there before, for everybody.
  yield* fs.chmod(directory, 0o700)
  const temporary = `${file}.${yield* Random.nextIntBetween(0, 2 ** 31)}`
  yield* Effect.scoped(
    Effect.gen(function* () {
      const open = yield* fs.open(temporary, { flag: "wx", mode: 0o600 })
      yield* open.writeAll(new TextEncoder().encode(text))
      yield* open.sync
    })
  ).pipe(
    Effect.andThen(fs.rename(temporary, file)),
    Effect.onError(() => Effect.ignore(fs.remove(temporary)))
  )
})
