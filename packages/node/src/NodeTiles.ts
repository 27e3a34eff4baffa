/** Tiles of a map as files: one by one in folders, or all in an MBTiles file. */
import { randomUUID } from "node:crypto"
import * as Fs from "node:fs/promises"
import * as Path from "node:path"
import { promisify } from "node:util"
import { gzip } from "node:zlib"
import type { CartoError } from "@effect-carto/core/CartoError"
import type { TileJson } from "@effect-carto/core/TileJson"
import * as Tiles from "@effect-carto/core/Tiles"
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { isGzip } from "./internal/isGzip.ts"
import { makeFolder } from "./internal/makeFolder.ts"
import * as Mbtiles from "./internal/mbtiles.ts"
import * as Replacement from "./internal/replacement.ts"
import { refused } from "./internal/systemError.ts"

/** How far it is, and in the end what was done. */
export interface TilesWritten {
  readonly written: number
  /** There is nothing in them, so that they have no file. */
  readonly empty: number
  /** As stored. */
  readonly bytes: number
}

export interface TilesOptions {
  /** Told after each tile. `Tiles.count` knows how many there will be. */
  readonly onProgress?: ((done: TilesWritten) => Effect.Effect<void>) | undefined
}

export interface DirectoryOptions extends TilesOptions {
  /** Default by the content: `png`, `jpg`, `mvt`. */
  readonly extension?: string | undefined
  /** Rows are counted from the south. */
  readonly tms?: boolean | undefined
}

/**
 * Writes `Z/X/Y.EXTENSION` below the directory. Each file is complete or not there; where a tile is empty now, the file
 * that another run has left is taken away.
 */
export const toDirectory = Effect.fn("NodeTiles.toDirectory")(function* <E, R>(
  tiles: Stream.Stream<Tiles.Tile, E, R>,
  directory: string,
  options: DirectoryOptions = {}
): Effect.fn.Return<TilesWritten, CartoError | E, R> {
  const known = new Set<string>()
  const onError = refused("NodeTiles.toDirectory", "write", directory)
  const attempt = <A>(run: () => Promise<A>) => Effect.tryPromise({ try: run, catch: onError })

  return yield* each(tiles, options, (tile) => {
    const folder = Path.join(directory, `${tile.z}`, `${tile.x}`)
    const row = options.tms === true ? Tiles.tmsRow(tile) : tile.y
    if (tile.isEmpty) {
      const stale = options.extension === undefined ? extensions : [options.extension]
      return attempt(async () => {
        await Promise.all(stale.map((extension) => Fs.rm(Path.join(folder, `${row}.${extension}`), { force: true })))
        return 0
      })
    }
    const target = Path.join(folder, `${row}.${options.extension ?? extensionOf(tile)}`)
    const temporary = Path.join(folder, `.carto-${randomUUID()}.tmp`)
    return Effect.uninterruptible(
      attempt(async () => {
        if (!known.has(folder)) await makeFolder(folder)
        known.add(folder)
        await Fs.writeFile(temporary, tile.bytes)
        await Fs.rename(temporary, target)
        return tile.bytes.length
      }).pipe(Effect.onError(() => Effect.ignore(attempt(() => Fs.rm(temporary, { force: true })))))
    )
  })
})

/**
 * Writes an MBTiles file beside the target, and puts it in its place when it is complete. Vector tiles are compressed.
 * What the file says of itself comes from a TileJSON: `map.tileJson({ format: "mvt", name: "cities", area })`.
 */
export const toMbtiles = Effect.fn("NodeTiles.toMbtiles")(function* <E, R>(
  tiles: Stream.Stream<Tiles.Tile, E, R>,
  path: string,
  described: TileJson,
  options: TilesOptions = {}
): Effect.fn.Return<TilesWritten, CartoError | E, R> {
  const onError = refused("NodeTiles.toMbtiles", "write", path, "; nothing was changed")
  return yield* Replacement.replace(path, onError, (temporary) =>
    Effect.scoped(
      Effect.gen(function* () {
        const archive = yield* Mbtiles.make(temporary, described, onError)
        const written = yield* each(tiles, options, (tile) =>
          tile.isEmpty
            ? Effect.succeed(0)
            : Effect.flatMap(compressed(tile, onError), (bytes) => Effect.as(archive.add(tile, bytes), bytes.length))
        )
        yield* archive.finish
        return written
      })
    )
  )
})

/** Stores them one after the other, while more are fetched. */
const each = <E, R>(
  tiles: Stream.Stream<Tiles.Tile, E, R>,
  { onProgress }: TilesOptions,
  store: (tile: Tiles.Tile) => Effect.Effect<number, CartoError>
): Effect.Effect<TilesWritten, CartoError | E, R> =>
  Stream.runFoldEffect(
    tiles,
    (): TilesWritten => ({ written: 0, empty: 0, bytes: 0 }),
    (before, tile) =>
      Effect.tap(
        Effect.map(store(tile), (bytes) => ({
          written: before.written + (tile.isEmpty ? 0 : 1),
          empty: before.empty + (tile.isEmpty ? 1 : 0),
          bytes: before.bytes + bytes
        })),
        (done) => onProgress?.(done) ?? Effect.void
      )
  )

const gzipped = promisify(gzip)

/** Pictures are small already. */
const compressed = (tile: Tiles.Tile, onError: (error: unknown) => CartoError) =>
  extensionOf(tile) !== "mvt" || isGzip(tile.bytes)
    ? Effect.succeed(tile.bytes)
    : Effect.tryPromise({ try: () => gzipped(tile.bytes), catch: onError })

const extensions = ["png", "jpg", "mvt"]

const extensionOf = ({ contentType = "" }: Tiles.Tile): string =>
  contentType.startsWith("image/png") ? "png" : contentType.startsWith("image/jpeg") ? "jpg" : "mvt"
