/** A PostgreSQL with PostGIS inside of this process: PGlite in a thread, made safe to rely on. */
import { homedir } from "node:os"
import { join } from "node:path"
import * as NodeFileSystem from "@effect/platform-node/NodeFileSystem"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as RcRef from "effect/RcRef"
import * as Semaphore from "effect/Semaphore"
import * as Stream from "effect/Stream"
import { Database, type DatabaseError } from "./Database.ts"
import * as DataFolder from "./pglite/DataFolder.ts"
import * as Engine from "./pglite/Engine.ts"
import * as Template from "./pglite/Template.ts"
import { makeDatabase } from "./postgres/makeDatabase.ts"
import { bootstrap } from "./sql/bootstrap.ts"

export interface PgliteOptions {
  /** Keeps the data between runs; one process at a time. Absent: a folder that is thrown away at the end. */
  readonly dataDir?: string | undefined
  /** Where the first start, of some fifteen seconds, leaves what makes later ones fast. */
  readonly cacheDir?: string | undefined
}

const defaultCacheDir = join(homedir(), ".cache", "effect-carto")

const make = Effect.fnUntraced(function* (options: PgliteOptions) {
  const folder = yield* DataFolder.open(options.dataDir, options.cacheDir ?? defaultCacheDir)
  const turn = yield* Semaphore.make(1)
  const current = yield* RcRef.make({
    acquire: Engine.open({ dataDir: folder.dataDir, bundle: folder.bundle }),
    idleTimeToLive: "Infinity"
  })

  /** The engine of now; a broken one is put away first, for two must never share a folder. */
  const engine = Effect.flatMap(RcRef.get(current), (engine) =>
    engine.isLost() ? RcRef.invalidate(current) : Effect.void
  ).pipe(Effect.scoped, Effect.andThen(RcRef.get(current)))

  const run: Database["Service"]["run"] = (sql, options = {}) =>
    Effect.gen(function* () {
      yield* turn.takeScoped(1)
      const pull = yield* Effect.flatMap(engine, (engine) => engine.run(sql, options))
      return Stream.fromPull(Effect.succeed(pull))
    }).pipe(Stream.unwrap)

  yield* folder.update(Stream.runDrain(run(bootstrap)))
  return yield* makeDatabase(run)
})

/** Fails to start when another process has the folder open, or when PGlite is not of the version that is safe. */
export const layer = (options: PgliteOptions = {}): Layer.Layer<Database, DatabaseError> =>
  Layer.effect(
    Database,
    Effect.mapError(make(options), (error) =>
      error._tag === "DatabaseError" ? error : Template.startError(error.message)
    )
  ).pipe(Layer.provide(NodeFileSystem.layer))
