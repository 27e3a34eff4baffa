/** The work of `carto map download`. */
import type { CartoError } from "@effect-carto/core/CartoError"
import { Maps } from "@effect-carto/core/Maps"
import { NamedMaps } from "@effect-carto/core/NamedMaps"
import type { LayerFilter } from "@effect-carto/core/TileOptions"
import * as Tiles from "@effect-carto/core/Tiles"
import * as NodeTiles from "@effect-carto/node/NodeTiles"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import type * as Stream from "effect/Stream"
import * as DryRun from "../../DryRun.ts"
import * as Quantity from "../../format/Quantity.ts"
import { checkNew } from "../../newFile.ts"
import { type OpenedMap, open, type TargetInput } from "../../OpenedMap.ts"
import * as Progress from "../../Progress.ts"
import * as Records from "../../Records.ts"
import { withSession } from "../../session.ts"

export interface DownloadInput extends TargetInput {
  readonly bbox: Tiles.Bbox
  readonly zoom: { readonly minzoom: number; readonly maxzoom: number }
  readonly format: "mvt" | "png"
  readonly layers: Option.Option<LayerFilter>
  readonly concurrency: number
  readonly output: string
  readonly force: boolean
}

const shape = Records.shape(["output", "tiles", "written", "empty", "bytes", "seconds"])

export const run = Effect.fnUntraced(function* (input: DownloadInput) {
  const { bbox, force, format, output, zoom } = input
  const area = { bbox, ...zoom }
  const tiles = Tiles.count(area)
  yield* checkNew(output, force)
  yield* Records.changed(
    shape,
    withSession(
      Layer.mergeAll(Maps.layer(), NamedMaps.layer()),
      Effect.gen(function* () {
        const start = yield* Clock.currentTimeMillis
        const map = yield* open(input)
        const stream = (yield* Maps).tiles(map.layergroup, area, {
          format,
          layers: Option.getOrUndefined(input.layers),
          concurrency: input.concurrency
        })
        const done = yield* write(input, map, area, stream).pipe(DryRun.guard(`write ${count(tiles)} to ${output}`))
        const seconds = ((yield* Clock.currentTimeMillis) - start) / 1000
        return { output, tiles, ...done, seconds }
      })
    ),
    summary
  )
})

const write = (
  { format, layers, output }: DownloadInput,
  { layergroup, name }: OpenedMap,
  area: Tiles.Area,
  tiles: Stream.Stream<Tiles.Tile, CartoError>
) =>
  Effect.scoped(
    Effect.gen(function* () {
      const report = yield* Progress.make({ isShown: false })
      const all = Tiles.count(area)
      const options = {
        onProgress: ({ bytes, empty, written }: NodeTiles.TilesWritten) =>
          report({ bytes, tiles: { done: written + empty, all } })
      }
      const described = layergroup.tileJson({ format, name, area, layers: Option.getOrUndefined(layers) })
      return yield* /\.mbtiles$/i.test(output)
        ? NodeTiles.toMbtiles(tiles, output, described, options)
        : NodeTiles.toDirectory(tiles, output, { ...options, extension: format })
    })
  )

const count = (tiles: number): string => `${Quantity.count(tiles)} ${tiles === 1 ? "tile" : "tiles"}`

interface Downloaded extends NodeTiles.TilesWritten {
  readonly output: string
  readonly tiles: number
  readonly seconds: number
}

/** `downloaded 1,234 tiles to spain.mbtiles (131 empty, 5.2 MB, 3.1 s, 398 tiles/s)`. */
const summary = ({ bytes, empty, output, seconds, tiles }: Downloaded): string => {
  const facts = [
    ...(empty === 0 ? [] : [`${Quantity.count(empty)} empty`]),
    Quantity.bytes(bytes),
    Quantity.duration(Duration.seconds(seconds)),
    ...(seconds > 0 ? [`${Quantity.count(Math.round(tiles / seconds))} tiles/s`] : [])
  ]
  return `downloaded ${count(tiles)} to ${output} (${facts.join(", ")})`
}
