/** Archives, taken apart into the folder of their import. */
import { createGunzip } from "node:zlib"
import * as NodeStream from "@effect/platform-node/NodeStream"
import * as Effect from "effect/Effect"
import * as Tar from "effect/encoding/Tar"
import * as Zip from "effect/encoding/Zip"
import * as FileSystem from "effect/FileSystem"
import * as Stream from "effect/Stream"
import { baseName, containerOf, extension, type ImportFile, stem } from "./File.ts"
import { failure } from "./failures.ts"
import type { Workspace } from "./Workspace.ts"

const chunkSize = 256 * 1024

const broken = failure(1003)

// What the systems that make archives leave in them.
const isHidden = (path: string): boolean => /(?:^|\/)(?:\.(?!\/)|__MACOSX\/)/.test(path)

interface Entry<E, R> {
  readonly path: string
  readonly body: Stream.Stream<Uint8Array, E, R>
}

/** Writes entries under their bare names, so that the parts of a shapefile stay together and none leaves the folder. */
const extract = <E, R, E2, R2>(entries: Stream.Stream<Entry<E, R>, E2, R2>, workspace: Workspace) =>
  Effect.gen(function* () {
    const fileSystem = yield* FileSystem.FileSystem
    const files: Array<ImportFile> = []
    const folders = new Map<string, string>()
    yield* Stream.runForEach(
      entries,
      Effect.fnUntraced(function* ({ body, path }: Entry<E, R>) {
        const name = baseName(path)
        if (name === "" || isHidden(path)) return
        const parent = path.slice(0, -name.length)
        const folder = folders.get(parent) ?? (yield* workspace.folder)
        folders.set(parent, folder)
        const target = `${folder}/${name}`
        yield* Effect.scoped(
          Effect.flatMap(Effect.orDie(fileSystem.open(target, { flag: "w" })), (file) =>
            Stream.runForEach(body, (piece) => Effect.orDie(file.writeAll(piece)))
          )
        )
        files.push({ name, path: target })
      })
    )
    return files
  }).pipe(Effect.mapError(() => broken))

const gunzipped = <E, R>(bytes: Stream.Stream<Uint8Array, E, R>) =>
  NodeStream.pipeThroughDuplex(
    Stream.mapError(bytes, () => broken),
    { evaluate: () => createGunzip(), onError: () => broken }
  )

const untar = <E, R>(bytes: Stream.Stream<Uint8Array, E, R>, workspace: Workspace) =>
  extract(
    bytes.pipe(
      Stream.pipeThroughChannel(Tar.decode()),
      Stream.filter(({ header }) => header.type === "File"),
      Stream.map(({ body, header }) => ({ path: header.path, body }))
    ),
    workspace
  )

const unzip = <E, R>(bytes: Stream.Stream<Uint8Array, E, R>, workspace: Workspace) =>
  extract(
    bytes.pipe(
      Stream.pipeThroughChannel(Zip.decode()),
      Stream.filter(({ header }) => header.type === "File"),
      Stream.map(({ body, header }) => ({ path: header.path, body }))
    ),
    workspace
  )

/** The files of an archive, or the file itself. Fails with 1003 for one that is broken. */
export const unpack = Effect.fnUntraced(function* (file: ImportFile, workspace: Workspace) {
  const fileSystem = yield* FileSystem.FileSystem
  const bytes = fileSystem.stream(file.path, { chunkSize })
  switch (containerOf(file.name)) {
    case "zip": {
      const files = yield* unzip(bytes, workspace)
      // The document inside of a KMZ has the same name in all of them.
      return extension(file.name) === "kmz"
        ? files.map(({ name, path }) => ({ path, name: extension(name) === "kml" ? `${stem(file.name)}.kml` : name }))
        : files
    }
    case "tar":
      return yield* untar(bytes, workspace)
    case "tgz":
      return yield* untar(gunzipped(bytes), workspace)
    case "gz": {
      const path = yield* workspace.write(gunzipped(bytes))
      return [{ name: file.name.replace(/\.gz$/i, ""), path }]
    }
    default:
      return [file]
  }
})
