/** A folder of an import's own, for what is uploaded, downloaded and unpacked; gone when the import ends. */
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as FileSystem from "effect/FileSystem"
import * as Scope from "effect/Scope"
import * as Stream from "effect/Stream"

export interface Workspace {
  /** Spools bytes to a new file. */
  readonly write: <E, R>(bytes: Stream.Stream<Uint8Array, E, R>) => Effect.Effect<string, E, R>
  /** A new, empty folder. */
  readonly folder: Effect.Effect<string>
  readonly close: Effect.Effect<void>
}

/** Opens one that ends with the given scope at the latest. */
export const open = Effect.fnUntraced(function* (parent: Scope.Scope) {
  const fileSystem = yield* FileSystem.FileSystem
  const scope = yield* Scope.fork(parent)
  const root = yield* fileSystem
    .makeTempDirectoryScoped({ prefix: "carto-emulator-import-" })
    .pipe(Scope.provide(scope), Effect.orDie)
  let count = 0
  const workspace: Workspace = {
    write: (bytes) =>
      Effect.gen(function* () {
        const path = `${root}/${count++}`
        const file = yield* Effect.orDie(fileSystem.open(path, { flag: "w" }))
        yield* Stream.runForEach(bytes, (piece) => Effect.orDie(file.writeAll(piece)))
        return path
      }).pipe(Effect.scoped),
    folder: Effect.suspend(() => {
      const path = `${root}/${count++}`
      return Effect.as(Effect.orDie(fileSystem.makeDirectory(path)), path)
    }),
    close: Scope.close(scope, Exit.void)
  }
  return workspace
})
