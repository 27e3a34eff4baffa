/** Names that completion has offered lately, in the user's cache directory. It may be lost or wrong at any time. */
import * as Clock from "effect/Clock"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import * as Path from "effect/Path"
import * as UserDirectories from "effect/persistence/UserDirectories"
import * as Schema from "effect/Schema"
import * as PrivateFile from "./PrivateFile.ts"

const Names = Schema.Struct({ names: Schema.Array(Schema.String), at: Schema.Finite })
export type Names = typeof Names.Type

const File = Schema.fromJsonString(Schema.Record(Schema.String, Names))

export class NameCache extends Context.Service<
  NameCache,
  {
    readonly get: (key: string) => Effect.Effect<Names | undefined>
    /** A cache that cannot be written is none. */
    readonly set: (key: string, names: ReadonlyArray<string>) => Effect.Effect<void>
  }
>()("carto-cli/NameCache") {
  static readonly layer = Layer.effect(
    NameCache,
    Effect.suspend(() => make)
  ).pipe(Layer.provide(UserDirectories.layer))
}

const make = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const directories = yield* UserDirectories.UserDirectories
  const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
  const place = Effect.map(directories.cache("carto"), (directory) => path.join(directory, "names.json"))
  const read = place.pipe(
    Effect.flatMap((file) => fs.readFileString(file)),
    Effect.flatMap(Schema.decodeEffect(File)),
    Effect.orElseSucceed((): Readonly<Record<string, Names>> => ({}))
  )
  return NameCache.of({
    get: (key) => Effect.map(read, (all) => all[key]),
    set: (key, names) =>
      Effect.gen(function* () {
        const file = yield* place
        const at = yield* Clock.currentTimeMillis
        const text = yield* Schema.encodeEffect(File)({ ...(yield* read), [key]: { names, at } })
        yield* PrivateFile.replace(file, text)
      }).pipe(Effect.ignore, Effect.provideContext(context))
  })
})
