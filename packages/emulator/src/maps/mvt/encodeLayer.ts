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
 * Takes rows as they come, so that tiles are written while the database still works. The first column is the geometry as
 * TWKB in the tile's coordinates, or NULL; the others are `columns`.
 *
 * NULL values are left out, features have no ids, and a layer without features has no bytes.
 */
export class LayerEncoder {
  private readonly columns: ReadonlyArray<FeatureColumn>
  private readonly extent: number
  private readonly values = new ValueTable()
  private readonly layer = new ByteWriter(1 << 16)
  private readonly feature = new ByteWriter()
  private readonly tags = new ByteWriter()
  private readonly geometry = new ByteWriter()
  private readonly empty: number
  private isFirst = true

  constructor(name: string, extent: number, columns: ReadonlyArray<FeatureColumn>) {
    this.columns = columns
    this.extent = extent
    this.layer.text(1, name)
    this.empty = this.layer.length
  }

  /** The next part of the COPY, which ends with a whole row. */
  add(bytes: Uint8Array): void {
    const rows = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const { columns, feature, geometry, layer, tags, values } = this
    const reader = new CopyReader(rows, this.isFirst)
    this.isFirst = false
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
  }

  /** The layer, behind all rows. */
  finish(): Buffer {
    const { columns, empty, extent, layer, values } = this
    if (layer.length === empty) return Buffer.alloc(0)
    for (const column of columns) layer.text(3, column.name)
    layer.copy(values.written, 0, values.written.length)
    layer.number(5, extent)
    layer.number(15, 2)
    const tile = new ByteWriter(layer.length + 16)
    tile.message(3, layer)
    return tile.written
  }
}
