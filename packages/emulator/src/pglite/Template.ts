/** The ready-made cluster that new data folders are copied from: making one takes ten seconds, copying it a tenth of one. */
import { createHash } from "node:crypto"
import { createRequire } from "node:module"
import { dirname, join } from "node:path"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { DatabaseError } from "../Database.ts"
import { bootstrap } from "../sql/bootstrap.ts"
import { slimBundle } from "./bundle.ts"
import * as Engine from "./Engine.ts"
import { makeFolder } from "./makeFolder.ts"

export interface Template {
  /** A cluster that was shut down properly: copy it, never open it. */
  readonly dataDir: string
  /** The PostGIS bundle that its functions are linked to. */
  readonly bundle: string
}

/** The guards below reach into PGlite, and PostGIS is linked to one build of it: no other version is safe. */
const pinned = { "@electric-sql/pglite": "0.5.8", "@electric-sql/pglite-postgis": "0.2.8" }

const require = createRequire(import.meta.url)
const PackageJson = Schema.fromJsonString(Schema.Struct({ version: Schema.String }))

/** Beside the package's entry file stands what it ships. */
const distFolder = (name: string) => Effect.sync(() => dirname(require.resolve(name)))

/** Fails when another version of PGlite or its PostGIS is installed. */
export const checkVersions = Effect.forEach(
  Object.entries(pinned),
  Effect.fnUntraced(function* ([name, wanted]) {
    const fs = yield* FileSystem.FileSystem
    const folder = yield* distFolder(name)
    const { version } = yield* fs
      .readFileString(join(folder, "..", "package.json"))
      .pipe(Effect.flatMap(Schema.decodeUnknownEffect(PackageJson)))
    if (version !== wanted) return yield* startError(`${name} ${version} is installed, but only ${wanted} works here`)
  }),
  { discard: true }
)

/** Takes the template from the cache folder, or makes it first. Processes that do so at once do not disturb each other. */
export const get = Effect.fnUntraced(function* (cacheDir: string) {
  const fs = yield* FileSystem.FileSystem
  const folder = join(cacheDir, key)
  if (!(yield* fs.exists(folder))) {
    yield* makeFolder(cacheDir)
    const beside = yield* fs.makeTempDirectoryScoped({ directory: cacheDir, prefix: `${key}-` })
    const built = join(beside, "built")
    yield* build(built)
    // Whoever comes second finds the folder of the first and leaves it.
    yield* fs.rename(built, folder).pipe(
      Effect.catch((error) =>
        Effect.filterOrFail(
          fs.exists(folder),
          (exists) => exists,
          () => error
        )
      )
    )
  }
  return at(folder)
}, Effect.scoped)

const at = (folder: string): Template => ({ dataDir: join(folder, "data"), bundle: join(folder, "postgis.tar.gz") })

const hash = (text: string): string => createHash("sha256").update(text).digest("hex").slice(0, 16)

/** Names the state of the CARTO functions. */
export const bootstrapVersion = hash(bootstrap)

const key = hash(JSON.stringify([pinned, process.arch, bootstrap]))

const build = Effect.fnUntraced(function* (folder: string) {
  const fs = yield* FileSystem.FileSystem
  const { bundle, dataDir } = at(folder)
  yield* fs.makeDirectory(dataDir, { recursive: true })
  const archive = yield* fs.readFile(join(yield* distFolder("@electric-sql/pglite-postgis"), "postgis.tar.gz"))
  yield* fs.writeFile(bundle, slimBundle(archive))
  yield* Effect.scoped(
    Effect.gen(function* () {
      const engine = yield* Engine.open({ dataDir, bundle })
      yield* Stream.runDrain(
        Stream.unwrap(Effect.map(engine.run(bootstrap, {}), (pull) => Stream.fromPull(Effect.succeed(pull))))
      )
    })
  )
})

export const startError = (message: string) => new DatabaseError({ code: "58000", message })
