/** Makes the layer of a vector tile (version 2) out of the rows of a COPY. */
import { ByteWriter } from "./ByteWriter.ts"
import { CopyReader } from "./CopyReader.ts"
import { writeCommands } from "./commands.ts"
import { readTwkb } from "./Twkb.ts"
import { type ValueKind, ValueTable } from "./ValueTable.ts"

/** A column that features show. */
export interface FeatureColumn {
  readonly name: string
  readonly kind: ValueKind
}

const twkbPoint = 1
const oneMoveTo = 9

/** Writes a geometry; its kind, or 0 where nothing is left of it. */
const writeGeometry = (out: ByteWriter, bytes: Buffer, start: number, end: number): number => {
  // TWKB writes the only position of a point in the very bytes of a tile.
  if (bytes.readUInt16BE(start) === twkbPoint << 8) {
    out.varint(oneMoveTo)
    out.copy(bytes, start + 2, end)
    return 1
  }
  const shape = readTwkb(bytes, start)
  if (shape === undefined) return 0
  writeCommands(out, shape)
  return out.length === 0 ? 0 : shape.kind
}

/**
 * The first column of the rows is the geometry as TWKB in the tile's coordinates, or NULL; the others are `columns`.
 *
 * NULL values are left out, features have no ids, and a layer without features has no bytes.
 */
export const encodeLayer = (
  name: string,
  extent: number,
  columns: ReadonlyArray<FeatureColumn>,
  rows: Buffer
): Buffer => {
  const reader = new CopyReader(rows)
  const values = new ValueTable()
  const layer = new ByteWriter(rows.length + 1024)
  const feature = new ByteWriter()
  const tags = new ByteWriter()
  const geometry = new ByteWriter()
  layer.text(1, name)
  const empty = layer.length
  while (reader.nextRow()) {
    feature.clear()
    tags.clear()
    geometry.clear()
    const kind = reader.nextField() ? writeGeometry(geometry, rows, reader.start, reader.end) : 0
    for (let index = 0; index < columns.length; index++) {
      const column = columns[index]
      if (!reader.nextField() || column === undefined || kind === 0) continue
      tags.varint(index)
      tags.varint(values.index(column.kind, rows, reader.start, reader.end))
    }
    if (kind === 0) continue
    if (tags.length > 0) feature.message(2, tags)
    feature.number(3, kind)
    feature.message(4, geometry)
    layer.message(2, feature)
  }
  if (layer.length === empty) return Buffer.alloc(0)
  for (const column of columns) layer.text(3, column.name)
  layer.copy(values.written, 0, values.written.length)
  layer.number(5, extent)
  layer.number(15, 2)
  const tile = new ByteWriter(layer.length + 16)
  tile.message(3, layer)
  return tile.written
}
