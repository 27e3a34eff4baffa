import { readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { DatabaseSync } from "node:sqlite"
import { gunzipSync } from "node:zlib"
import { assert, describe, it } from "@effect/vitest"
import { CartoError } from "@effect-carto/core/CartoError"
import type * as Tiles from "@effect-carto/core/Tiles"
import { Effect, Exit, Fiber, Stream } from "effect"
import * as NodeTiles from "../src/NodeTiles.ts"
import { inDirectory } from "./Directory.ts"

const tile = (z: number, x: number, y: number, text: string, contentType = "application/x-protobuf"): Tiles.Tile => {
  const bytes = new TextEncoder().encode(text)
  return { z, x, y, bytes, isEmpty: bytes.length === 0, contentType }
}
const some = [tile(0, 0, 0, "world"), tile(5, 15, 12, "spain"), tile(5, 0, 0, "")]
const described = {
  tilejson: "2.2.0",
  name: "cities",
  tiles: [],
  vector_layers: [{ id: "layer0", fields: { n: "number" } }]
}

const read = (path: string) => {
  const database = new DatabaseSync(path, { readOnly: true })
  const tiles = database.prepare("select * from tiles order by 1, 2, 3").all()
  const metadata = Object.fromEntries(
    database
      .prepare("select name, value from metadata")
      .all()
      .map(({ name, value }) => [String(name), value])
  )
  database.close()
  return { tiles, metadata }
}

const filesIn = (directory: string) =>
  readdirSync(directory, { recursive: true, encoding: "utf8" })
    .filter((name) => statSync(join(directory, name)).isFile())
    .sort()

const failing = Stream.concat(Stream.fromIterable(some), Stream.fail("broken"))

describe("NodeTiles.toMbtiles", () => {
  it.effect("stores vector tiles compressed, by rows from the south", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const path = join(directory, "cities.mbtiles")
        const written = yield* NodeTiles.toMbtiles(Stream.fromIterable(some), path, described)
        const { metadata, tiles } = read(path)
        assert.deepInclude(written, { written: 2, empty: 1 })
        assert.deepStrictEqual(
          tiles.map(({ tile_column, tile_data, tile_row, zoom_level }) => [
            zoom_level,
            tile_column,
            tile_row,
            tile_data instanceof Uint8Array && gunzipSync(tile_data).toString()
          ]),
          [
            [0, 0, 0, "world"],
            [5, 15, 19, "spain"]
          ]
        )
        assert.strictEqual(
          written.bytes,
          tiles.reduce((sum, { tile_data }) => sum + (tile_data instanceof Uint8Array ? tile_data.length : 0), 0)
        )
        assert.deepInclude(metadata, { name: "cities", format: "pbf", type: "overlay", minzoom: "0", maxzoom: "5" })
        assert.deepStrictEqual(JSON.parse(String(metadata.json)), { vector_layers: described.vector_layers })
        assert.deepStrictEqual(filesIn(directory), ["cities.mbtiles"])
      })
    )
  )

  it.effect("stores pictures as they are, and says where they lie", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const path = join(directory, "a.mbtiles")
        const bounds = [170, -20, -170, 20]
        const pictures = Stream.make(tile(2, 3, 1, "picture", "image/png"))
        yield* NodeTiles.toMbtiles(pictures, path, { tilejson: "2.2.0", tiles: [], bounds, minzoom: 1, maxzoom: 4 })
        const { metadata, tiles } = read(path)
        assert.deepStrictEqual(metadata, {
          name: "map",
          format: "png",
          type: "overlay",
          minzoom: "1",
          maxzoom: "4",
          bounds: "170,-20,-170,20",
          center: "180,0,1"
        })
        assert.deepStrictEqual(tiles[0]?.tile_data, new TextEncoder().encode("picture"))
      })
    )
  )

  it.effect("makes a whole file of nothing", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const path = join(directory, "a.mbtiles")
        const written = yield* NodeTiles.toMbtiles(Stream.empty, path, described)
        assert.deepStrictEqual(written, { written: 0, empty: 0, bytes: 0 })
        assert.deepStrictEqual(read(path).tiles, [])
      })
    )
  )

  it.effect("tells after each tile how far it is", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const told: Array<number> = []
        yield* NodeTiles.toMbtiles(Stream.fromIterable(some), join(directory, "a"), described, {
          onProgress: ({ empty, written }) => Effect.sync(() => told.push(written + empty))
        })
        assert.deepStrictEqual(told, [1, 2, 3])
      })
    )
  )

  it.effect("leaves the old file as it was, and nothing else, when the tiles break off", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const path = join(directory, "a.mbtiles")
        writeFileSync(path, "old")
        assert.strictEqual(yield* Effect.flip(NodeTiles.toMbtiles(failing, path, described)), "broken")
        assert.strictEqual(readFileSync(path, "utf8"), "old")
        assert.deepStrictEqual(filesIn(directory), ["a.mbtiles"])
      })
    )
  )

  it.live("leaves nothing when it is interrupted", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const started = yield* Effect.forkChild(
          NodeTiles.toMbtiles(Stream.concat(Stream.fromIterable(some), Stream.never), join(directory, "a"), described, {
            onProgress: () => Effect.yieldNow
          })
        )
        yield* Effect.repeat(
          Effect.sync(() => filesIn(directory).length),
          { until: (files) => files > 0 }
        )
        yield* Fiber.interrupt(started)
        assert.deepStrictEqual(filesIn(directory), [])
      })
    )
  )

  it.effect("replaces what a link points to", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        writeFileSync(join(directory, "real"), "old", { mode: 0o600 })
        symlinkSync("real", join(directory, "link"))
        yield* NodeTiles.toMbtiles(Stream.fromIterable(some), join(directory, "link"), described)
        assert.strictEqual(read(join(directory, "real")).tiles.length, 2)
        assert.strictEqual(statSync(join(directory, "real")).mode & 0o777, 0o600)
      })
    )
  )

  it.effect("refuses tiles of two formats, and a path that is no file", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const mixed = Stream.make(tile(0, 0, 0, "a"), tile(1, 0, 0, "b", "image/png"))
        const error = yield* Effect.flip(NodeTiles.toMbtiles(mixed, join(directory, "a"), described))
        assert.instanceOf(error, CartoError)
        assert.match(error.message, /pbf and png; nothing was changed/)
        const folder = yield* Effect.flip(NodeTiles.toMbtiles(mixed, directory, described))
        assert.match(folder.message, /it is a directory/)
        const missing = yield* Effect.flip(NodeTiles.toMbtiles(mixed, join(directory, "b", "c"), described))
        assert.match(missing.message, /no such file or directory/)
        assert.deepStrictEqual(filesIn(directory), [])
      })
    )
  )
})

describe("NodeTiles.toDirectory", () => {
  it.effect("writes each tile by its coordinates, and none for an empty one", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const written = yield* NodeTiles.toDirectory(Stream.fromIterable(some), directory)
        assert.deepStrictEqual(written, { written: 2, empty: 1, bytes: 10 })
        assert.deepStrictEqual(filesIn(directory), ["0/0/0.mvt", "5/15/12.mvt"])
        assert.strictEqual(readFileSync(join(directory, "5/15/12.mvt"), "utf8"), "spain")
      })
    )
  )

  it.effect("counts rows from the south when told so, under any extension", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const pictures = Stream.make(tile(5, 15, 12, "a", "image/png"), tile(1, 0, 0, "b", "image/jpeg"))
        yield* NodeTiles.toDirectory(pictures, directory)
        yield* NodeTiles.toDirectory(pictures, join(directory, "tms"), { tms: true, extension: "img" })
        assert.deepStrictEqual(filesIn(directory), ["1/0/0.jpg", "5/15/12.png", "tms/1/0/1.img", "tms/5/15/19.img"])
      })
    )
  )

  it.effect("takes away what another run has left where a tile is empty now", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        yield* NodeTiles.toDirectory(Stream.make(tile(5, 0, 0, "old")), directory)
        yield* NodeTiles.toDirectory(Stream.make(tile(5, 0, 0, "")), directory)
        assert.deepStrictEqual(filesIn(directory), [])
      })
    )
  )

  it.effect("keeps the tiles that came before a failure, whole", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        assert.isTrue(Exit.isFailure(yield* Effect.exit(NodeTiles.toDirectory(failing, directory))))
        assert.deepStrictEqual(filesIn(directory), ["0/0/0.mvt", "5/15/12.mvt"])
      })
    )
  )

  it.effect("says when it cannot write", () =>
    inDirectory((directory) =>
      Effect.gen(function* () {
        const path = join(directory, "file")
        writeFileSync(path, "")
        const error = yield* Effect.flip(NodeTiles.toDirectory(Stream.fromIterable(some), path))
        assert.match(error.message, /cannot write ".*file": a part of the path is no directory/)
      })
    )
  )
})
