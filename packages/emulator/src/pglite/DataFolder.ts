/** The folder that holds a cluster: copied from the template when it is new. */
import { cpSync, rmSync } from "node:fs"
import { dirname, join, resolve } from "node:path"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import { errorText } from "../postgres/errorText.ts"
import * as FolderLock from "./FolderLock.ts"
import { makeFolder } from "./makeFolder.ts"
import * as Template from "./Template.ts"

const prefix = "effect-carto-"
const clusterName = "pgdata"

// A cluster has a thousand small files: a promise for each costs more than the file itself, and nobody can use the
// database meanwhile.
const inOneGo = (change: () => void) =>
  Effect.try({ try: change, catch: (error) => Template.startError(errorText(error)) })

const copy = (from: string, to: string) => inOneGo(() => cpSync(from, to, { recursive: true }))
const remove = (path: string) => inOneGo(() => rmSync(path, { recursive: true, force: true }))

/** A folder that goes with the scope. Those of processes that were killed go now: each has tens of megabytes. */
const throwAway = Effect.gen(function* () {
  const fs = yield* FileSystem.FileSystem
  const folder = yield* fs.makeTempDirectoryScoped({ prefix })
  yield* Effect.addFinalizer(() => Effect.ignore(remove(join(folder, clusterName))))
  const beside = yield* fs.readDirectory(dirname(folder))
  yield* Effect.forEach(
    beside.filter((name) => name.startsWith(prefix)).map((name) => join(dirname(folder), name)),
    (other) =>
      // What has no lock, or is removed by somebody else, is not ours to care for.
      Effect.ignore(
        Effect.flatMap(FolderLock.isAbandoned(other), (abandoned) =>
          abandoned ? fs.remove(other, { recursive: true, force: true }) : Effect.void
        )
      ),
    { discard: true }
  )
  return folder
})

/** A folder that is ready to be opened, and is ours until the scope ends. */
export const open = Effect.fnUntraced(function* (dataDir: string | undefined, cacheDir: string) {
  const fs = yield* FileSystem.FileSystem
  yield* Template.checkVersions
  const template = yield* Template.get(resolve(cacheDir))
  const home = dataDir === undefined ? yield* throwAway : resolve(dataDir)
  yield* makeFolder(home)
  yield* FolderLock.acquire(home)

  const cluster = join(home, clusterName)
  const versionFile = join(home, "bootstrap")
  if (!(yield* fs.exists(cluster))) {
    // A copy that was interrupted must not be taken for a cluster.
    const unfinished = `${cluster}.unfinished`
    yield* fs.remove(unfinished, { recursive: true, force: true })
    yield* copy(template.dataDir, unfinished)
    yield* fs.writeFileString(versionFile, Template.bootstrapVersion)
    yield* fs.rename(unfinished, cluster)
  }

  /** Runs the bootstrap again in a folder of another release. */
  const update = <E>(bootstrap: Effect.Effect<void, E>) =>
    Effect.gen(function* () {
      const version = yield* Effect.orElseSucceed(fs.readFileString(versionFile), () => "")
      if (version === Template.bootstrapVersion) return
      yield* bootstrap
      yield* fs.writeFileString(versionFile, Template.bootstrapVersion)
    })

  return { dataDir: cluster, bundle: template.bundle, update }
})
