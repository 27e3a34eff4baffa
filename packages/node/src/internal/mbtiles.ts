/** An MBTiles file, version 1.3: https://github.com/mapbox/mbtiles-spec. */
import type { CartoError } from "@effect-carto/core/CartoError"
import type { TileJson } from "@effect-carto/core/TileJson"
import * as Tiles from "@effect-carto/core/Tiles"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"

export interface Archive {
  readonly add: (tile: Tiles.Tile, bytes: Uint8Array) => Effect.Effect<void, CartoError>
  /** Says in the file what it holds, and closes it. */
  readonly finish: Effect.Effect<void, CartoError>
}

const tables = `
pragma application_id = 0x4d504258;
pragma journal_mode = off;
pragma synchronous = off;
create table metadata (name text not null primary key, value text not null);
create table tiles (
  zoom_level integer not null,
  tile_column integer not null,
  tile_row integer not null,
  tile_data blob not null,
  primary key (zoom_level, tile_column, tile_row)
);
begin;
`

/** The file is still empty. It needs no journal: what fails is thrown away as a whole. */
export const make = (
  path: string,
  described: TileJson,
  onError: (error: unknown) => CartoError
): Effect.Effect<Archive, CartoError, Scope.Scope> =>
  Effect.gen(function* () {
    // Loaded when it is needed: older Nodes warn that it is new.
    const { DatabaseSync } = yield* Effect.tryPromise({ try: () => import("node:sqlite"), catch: onError })
    const attempt = <A>(run: () => A) => Effect.try({ try: run, catch: onError })
    const database = yield* Effect.acquireRelease(
      attempt(() => new DatabaseSync(path)),
      (database) => Effect.sync(() => database.isOpen && database.close())
    )
    yield* attempt(() => database.exec(tables))
    const insertTile = database.prepare("insert or replace into tiles values (?, ?, ?, ?)")
    const insertMetadata = database.prepare("insert into metadata values (?, ?)")
    let contents = nothing

    return {
      add: (tile, bytes) =>
        Effect.flatMap(
          attempt(() => withTile(contents, tile)),
          (more) =>
            attempt(() => {
              insertTile.run(tile.z, tile.x, Tiles.tmsRow(tile), bytes)
              contents = more
            })
        ),
      finish: attempt(() => {
        for (const [name, value] of metadata(described, contents)) insertMetadata.run(name, value)
        database.exec("commit")
        database.close()
      })
    }
  })

interface Contents {
  readonly format: string | undefined
  readonly minzoom: number
  readonly maxzoom: number
  readonly bounds: Tiles.Bbox
}

const nothing: Contents = {
  format: undefined,
  minzoom: Number.POSITIVE_INFINITY,
  maxzoom: Number.NEGATIVE_INFINITY,
  bounds: [180, Tiles.maxLatitude, -180, -Tiles.maxLatitude]
}

/** Other formats are named by their content type. */
const formats: Readonly<Record<string, string>> = { "image/png": "png", "image/jpeg": "jpg", "image/webp": "webp" }

const formatOf = ({ contentType = "" }: Tiles.Tile): string =>
  /protobuf|vector-tile/.test(contentType) ? "pbf" : (formats[contentType.replace(/;.*/, "").trim()] ?? contentType)

const withTile = (contents: Contents, tile: Tiles.Tile): Contents => {
  const format = formatOf(tile)
  if (contents.format !== undefined && contents.format !== format) {
    throw new Error(`a file has tiles of one format, and these are ${contents.format} and ${format}`)
  }
  const [west, south, east, north] = contents.bounds
  const [w, s, e, n] = Tiles.bounds(tile)
  return {
    format,
    minzoom: Math.min(contents.minzoom, tile.z),
    maxzoom: Math.max(contents.maxzoom, tile.z),
    bounds: [Math.min(west, w), Math.min(south, s), Math.max(east, e), Math.max(north, n)]
  }
}

/** What the map tells of itself comes first; the tiles say the rest. */
const metadata = (described: TileJson, contents: Contents): ReadonlyArray<readonly [name: string, value: string]> => {
  const { name, vector_layers } = described
  const format = contents.format ?? (vector_layers === undefined ? "png" : "pbf")
  const isEmpty = contents.format === undefined
  const minzoom = described.minzoom ?? (isEmpty ? undefined : contents.minzoom)
  const maxzoom = described.maxzoom ?? (isEmpty ? undefined : contents.maxzoom)
  const bounds = described.bounds ?? (isEmpty ? undefined : contents.bounds)
  const [west = 0, south = 0, east = 0, north = 0] = bounds ?? []
  const given: Readonly<Record<string, string | number | undefined>> = {
    name: name ?? "map",
    format,
    type: "overlay",
    minzoom,
    maxzoom,
    bounds: bounds?.join(","),
    center: bounds === undefined ? undefined : [middle(west, east), (south + north) / 2, minzoom ?? 0].join(","),
    json: format === "pbf" ? JSON.stringify({ vector_layers: vector_layers ?? [] }) : undefined
  }
  return Object.entries(given).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)] as const]))
}

/** Of a box around the 180th meridian too. */
const middle = (west: number, east: number): number => {
  if (west <= east) return (west + east) / 2
  const middle = (west + east + 360) / 2
  return middle > 180 ? middle - 360 : middle
}
