/** Named accounts in the user's configuration directory. */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Layer from "effect/Layer"
import type * as Option from "effect/Option"
import * as Path from "effect/Path"
import * as UserDirectories from "effect/persistence/UserDirectories"
import * as Record from "effect/Record"
import * as Schema from "effect/Schema"
import { type CommandError, failure } from "./CommandError.ts"
import * as PrivateFile from "./PrivateFile.ts"

/** One account: its address and, unless only public data is read, its key or the place where that is kept. */
export const Profile = Schema.Struct({
  url: Schema.String,
  organization: Schema.optionalKey(Schema.String),
  apiKey: Schema.optionalKey(Schema.RedactedFromValue(Schema.NonEmptyString)),
  /** The key is in the system's keychain, under the name of the profile. */
  keychain: Schema.optionalKey(Schema.Literal(true))
})
export type Profile = typeof Profile.Type

/** What the file holds. `current` is the profile that is used when none is named. */
const Stored = Schema.Struct({
  current: Schema.optionalKey(Schema.String),
  profiles: Schema.Record(Schema.String, Profile)
})
export type Stored = typeof Stored.Type

const StoredJson = Schema.fromJsonString(Stored)

/** Names are short, and safe to type in a shell. */
export const isName = (text: string): boolean => /^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$/.test(text)

/** What `isName` wants, in words. */
export const nameRule = "a short name of letters, digits, dots, hyphens and underscores"

export const find = (stored: Stored, name: string): Option.Option<Profile> => Record.get(stored.profiles, name)

/** The file of profiles. It is replaced as a whole, so that a reader never sees half of it. */
export class Profiles extends Context.Service<
  Profiles,
  {
    readonly file: string
    readonly read: Effect.Effect<Stored, CommandError>
    /** Only the user may read the file (0600) and its directory (0700): keys stand in it. */
    readonly write: (stored: Stored) => Effect.Effect<void, CommandError>
  }
>()("carto-cli/Profiles") {
  static readonly layer = Layer.effect(
    Profiles,
    Effect.suspend(() => make)
  ).pipe(Layer.provide(UserDirectories.layer))
}

const make = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const context = yield* Effect.context<FileSystem.FileSystem | Path.Path>()
  const directories = yield* UserDirectories.UserDirectories
  const directory = yield* Effect.mapError(directories.config("carto"), (error) =>
    failure(`There is no place for profiles: ${error.message}`, "Set HOME or XDG_CONFIG_HOME.")
  )
  const file = path.join(directory, "profiles.json")

  const cannot = (verb: string) => (error: Error) => failure(`Cannot ${verb} ${file}: ${error.message}`)

  const read = fs.readFileString(file).pipe(
    Effect.matchEffect({
      onFailure: (error) =>
        error.reason._tag === "NotFound"
          ? Effect.succeed<Stored>({ profiles: {} })
          : Effect.fail(cannot("read")(error)),
      onSuccess: (text) =>
        // The decoder's own message may repeat what stands in the file, and keys stand in it.
        Effect.mapError(Schema.decodeEffect(StoredJson)(text), () =>
          failure(`${file} does not hold profiles as carto writes them.`, "Repair or remove it, then log in again.")
        )
    })
  )

  const write = Effect.fnUntraced(
    function* (stored: Stored) {
      yield* PrivateFile.replace(file, yield* Effect.orDie(Schema.encodeEffect(StoredJson)(stored)))
    },
    Effect.mapError(cannot("write")),
    Effect.provideContext(context)
  )

  return Profiles.of({ file, read, write })
})
