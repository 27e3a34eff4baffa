/** What a folder of exports holds: its `manifest.json`, for people, for other programs, and to go on where a run ended. */
import { dirname, join } from "node:path"
import type { CartoError } from "@effect-carto/core/CartoError"
import * as NodeFile from "@effect-carto/node/NodeFile"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import type * as PlatformError from "effect/PlatformError"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { type CommandError, failure, usage } from "./CommandError.ts"

/** A file that is complete. Beside these members it may have more, such as `rows`. */
export const Entry = Schema.StructWithRest(
  Schema.Struct({
    /** Of what it was made from; a name may go over to something else. */
    id: Schema.String,
    name: Schema.String,
    /** In the folder. */
    file: Schema.String,
    bytes: Schema.Finite,
    /** Of the file, as `sha256sum` tells it. */
    sha256: Schema.String,
    /** Another one when what it was made from may be another; null where nobody can know. */
    version: Schema.NullOr(Schema.String),
    exported_at: Schema.String
  }),
  [Schema.Record(Schema.String, Schema.Json)]
)
export type Entry = typeof Entry.Type

export const Kind = Schema.Literals(["datasets", "visualizations"])
export type Kind = typeof Kind.Type

export const Manifest = Schema.Struct({
  format: Schema.Literal("carto-export"),
  version: Schema.Literal(1),
  kind: Kind,
  /** Its address; no key. */
  account: Schema.String,
  entries: Schema.Array(Entry)
})
export type Manifest = typeof Manifest.Type

export const fileName = "manifest.json"

const Text = Schema.fromJsonString(Manifest)
const decode = Schema.decodeUnknownEffect(Text)
const encode = Schema.encodeEffect(Manifest)

const unreadable = (path: string) => (error: PlatformError.PlatformError) =>
  failure(`Cannot read ${path}: ${error.reason.description ?? error.reason._tag}.`)

/**
 * The manifest of a folder that an earlier run has filled, or an empty one for a folder that is new or empty. Nothing of
 * anybody else is ever written over.
 */
export const open = Effect.fnUntraced(function* (
  folder: string,
  kind: Kind,
  account: string
): Effect.fn.Return<Manifest, CartoError | CommandError, FileSystem.FileSystem> {
  const fs = yield* FileSystem.FileSystem
  const none: Manifest = { format: "carto-export", version: 1, kind, account, entries: [] }
  const error = unreadable(folder)
  if (!(yield* Effect.mapError(fs.exists(folder), error))) return none
  if ((yield* Effect.mapError(fs.stat(folder), error)).type !== "Directory") {
    return yield* usage(`${folder} is no folder.`, "Name one that is empty, new, or of an earlier export.")
  }
  const names = yield* Effect.mapError(fs.readDirectory(folder), error)
  if (!names.includes(fileName)) {
    return names.length === 0
      ? none
      : yield* usage(
          `${folder} holds other files, and no ${fileName} of an earlier export.`,
          "Name a folder that is empty or new."
        )
  }
  const path = join(folder, fileName)
  const text = yield* NodeFile.read(path).pipe(Stream.decodeText, Stream.mkString)
  const found = yield* Effect.mapError(decode(text), () =>
    failure(`${path} is no manifest of an export, or a damaged one.`, "Move it away, or name another folder.")
  )
  if (found.kind !== kind) {
    return yield* usage(`${folder} is an export of ${found.kind}.`, `Name another folder for ${kind}.`)
  }
  return found.account === account
    ? found
    : yield* usage(`${folder} is an export of ${found.account}, not of ${account}.`, "Name another folder.")
})

/** The whole of it, in one go. */
export const save = Effect.fnUntraced(function* (folder: string, manifest: Manifest) {
  const entries = manifest.entries.toSorted((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0))
  const json = yield* Effect.orDie(encode({ ...manifest, entries }))
  const path = join(folder, fileName)
  yield* NodeFile.makeFolder(dirname(path))
  yield* NodeFile.writeAtomic(path, Stream.encodeText(Stream.succeed(`${JSON.stringify(json, null, 2)}\n`)))
})
