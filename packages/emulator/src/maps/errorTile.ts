/** The vector tile of a limit that was met: a square, and stripes all over it. */
import { ByteWriter } from "./mvt/ByteWriter.ts"
import { writeCommands } from "./mvt/commands.ts"
import type { Kind, Path } from "./mvt/Twkb.ts"

const extent = 4096
const distance = 128

const stripes: ReadonlyArray<Path> = [
  [0, extent, extent, 0],
  ...Array.from({ length: extent / distance - 1 }, (_, index) => (index + 1) * distance).flatMap((offset) => [
    [0, extent - offset, extent - offset, 0],
    [offset, extent, extent, offset]
  ]),
  [0, extent, 0, 0],
  [0, 0, extent, 0],
  [extent, 0, extent, extent],
  [extent, extent, 0, extent]
]

const layer = (tile: ByteWriter, name: string, kind: Kind, paths: ReadonlyArray<Path>): void => {
  const out = new ByteWriter()
  out.text(1, name)
  for (const path of paths) {
    const geometry = new ByteWriter()
    writeCommands(geometry, { kind, parts: [[path]] })
    const feature = new ByteWriter()
    feature.number(3, kind)
    feature.message(4, geometry)
    out.message(2, feature)
  }
  out.number(5, extent)
  out.number(15, 1)
  tile.message(3, out)
}

const draw = (): Buffer => {
  const tile = new ByteWriter()
  layer(tile, "errorTileSquareLayer", 3, [[0, extent, 0, 0, extent, 0, extent, extent, 0, extent]])
  layer(tile, "errorTileStripesLayer", 2, stripes)
  return tile.written
}

/** Its bytes. */
export const errorTile: Buffer = draw()
