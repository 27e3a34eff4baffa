/** Tiles as the library's users fetch them. Loaded by the variants that need it, and by no other. */
import * as MapConfig from "@effect-carto/core/MapConfig"
import * as MapLayer from "@effect-carto/core/MapLayer"
import { Maps } from "@effect-carto/core/Maps"
import type { Coordinates } from "@effect-carto/core/Tiles"
import * as NodeCarto from "@effect-carto/node/NodeCarto"
import * as Effect from "effect/Effect"
import * as ManagedRuntime from "effect/ManagedRuntime"
import * as Stream from "effect/Stream"
import type { Environment, Measured } from "./Benchmark.ts"
import * as Points from "./points.ts"
import { stopwatch } from "./stopwatch.ts"

type Map = Effect.Success<ReturnType<Maps["Service"]["instantiate"]>>

export interface Fetched {
  readonly zoom: number
  readonly concurrency: number
  /** Of all tiles together. */
  readonly isRight: (bytes: number) => boolean
}

/** The map is instantiated before, so that the connections of the tiles are the first thing that is measured. */
const fetching = async (
  { server }: Environment,
  { isRight }: Fetched,
  fetch: (maps: Maps["Service"], map: Map) => Effect.Effect<number, unknown>
): Promise<Measured> => {
  const runtime = ManagedRuntime.make(NodeCarto.layer({ url: `${server}/user/alice`, proxy: "none" }))
  const maps = await runtime.runPromise(Maps)
  const config = MapConfig.make([MapLayer.mapnik(Points.sql, { cartocss: Points.cartocss })])
  const map = await runtime.runPromise(maps.instantiate(config))
  const { result, ...measured } = await stopwatch(() => runtime.runPromise(fetch(maps, map)))
  await runtime.dispose()
  if (!isRight(result)) throw new Error(`${result} bytes are not the tiles of this map`)
  return measured
}

export const byCalls = (environment: Environment, fetched: Fetched, coordinates: ReadonlyArray<Coordinates>) =>
  fetching(environment, fetched, (maps, map) =>
    Effect.map(
      Effect.forEach(coordinates, (at) => maps.tile(map, at, { format: "mvt" }), fetched),
      (tiles) => tiles.reduce((sum, { bytes }) => sum + bytes.length, 0)
    )
  )

/** All tiles of a zoom level. */
export const byArea = (environment: Environment, fetched: Fetched) => {
  const { concurrency, zoom } = fetched
  return fetching(environment, fetched, (maps, map) =>
    Stream.runFold(
      maps.tiles(map, { bbox: [-180, -85, 180, 85], minzoom: zoom, maxzoom: zoom }, { format: "mvt", concurrency }),
      () => 0,
      (sum, { bytes }) => sum + bytes.length
    )
  )
}
