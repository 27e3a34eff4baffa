/** The rows of a layer within a frame: their geometry as TWKB in whole units of the frame, and their columns. */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import { quoteIdentifier } from "../SqlText.ts"
import { envelope, type Frame, resolution, substitute } from "./Frame.ts"
import type { FeatureColumn } from "./mvt/encodeLayer.ts"
import type { ValueKind } from "./mvt/ValueTable.ts"
import { type Column, columnsOf, run, subquery } from "./query.ts"

/** How the geometry of a layer is read. */
export interface FeatureOptions {
  readonly sql: string
  readonly geometryColumn: string
  readonly srid: number
  /** Units of a tile's side in which geometries are told. */
  readonly extent: number
  /** Details smaller than half of a part of this many of a tile's side are left out. */
  readonly simplifyExtent: number
  /** Pixels around the frame in which geometries are kept. */
  readonly buffer: number
}

// Columns of other types are not part of a tile.
const kinds: Readonly<Record<string, readonly [kind: ValueKind, cast: string]>> = {
  bool: ["bool", ""],
  int2: ["int", "::int8"],
  int4: ["int", "::int8"],
  int8: ["int", ""],
  float4: ["float", ""],
  float8: ["double", ""],
  numeric: ["double", "::float8"],
  text: ["text", ""],
  varchar: ["text", ""],
  bpchar: ["text", "::text"]
}

const tilePixels = 256

/** The geometry in units of the frame, cut at its buffer and without details that cannot be seen. */
const geometry = (frame: Frame, { buffer, extent, geometryColumn, simplifyExtent, srid }: FeatureOptions): string => {
  const units = extent / tilePixels / resolution(frame.zoom)
  const column = `_layer.${quoteIdentifier(geometryColumn)}`
  const metres = srid === 3857 ? column : `ST_Transform(${column}, 3857)`
  const tolerance = (tilePixels * resolution(frame.zoom)) / simplifyExtent / 2
  const clipped = `ST_ClipByBox2D(${metres}, ${envelope(frame, buffer)})`
  const simplified = simplifyExtent === extent ? clipped : `ST_Simplify(${clipped}, ${tolerance}, true)`
  // A point needs neither, and there are many of them.
  const visible = `CASE GeometryType(${column}) WHEN 'POINT' THEN ${metres} ELSE ${simplified} END`
  return `ST_AsTWKB(ST_TransScale(${visible}, ${-frame.west}, ${-frame.north}, ${units}, ${-units}), 0)`
}

const within = (frame: Frame, { buffer, geometryColumn, srid }: FeatureOptions): string => {
  const area = envelope(frame, buffer)
  return `_layer.${quoteIdentifier(geometryColumn)} && ${srid === 3857 ? area : `ST_Transform(${area}, ${srid})`}`
}

const featureColumns = (columns: ReadonlyArray<Column>) =>
  columns.flatMap(({ name, type }) => {
    const kind = kinds[type ?? ""]
    return kind === undefined ? [] : [{ name, kind: kind[0], expression: `_layer.${quoteIdentifier(name)}${kind[1]}` }]
  })

/** The columns that features have, and the binary COPY of their rows as it comes: geometry first, whole rows each. */
export const featureStream = Effect.fnUntraced(function* (frame: Frame, options: FeatureOptions, role: string) {
  const columns = featureColumns(yield* columnsOf(options.sql, role))
  const sql = substitute(options.sql, frame, options.buffer)
  const values = columns.map(({ expression }) => `, ${expression}`).join("")
  const copy = `COPY (SELECT ${geometry(frame, options)}${values} FROM ${subquery(sql, "_layer")} WHERE ${within(frame, options)}) TO STDOUT (FORMAT binary)`
  const shown: ReadonlyArray<FeatureColumn> = columns
  return { columns: shown, messages: run(copy, role) }
})

/** The same, with all rows at once. */
export const features = Effect.fnUntraced(function* (frame: Frame, options: FeatureOptions, role: string) {
  const { columns, messages } = yield* featureStream(frame, options, role)
  const pieces: Array<Uint8Array> = []
  yield* Stream.runForEach(messages, (message) =>
    Effect.sync(() => {
      if (message._tag === "CopyData") pieces.push(message.bytes)
    })
  )
  return { columns, rows: Buffer.concat(pieces) }
})
