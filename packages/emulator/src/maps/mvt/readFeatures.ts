/** Features as values, for what does more with them than to write them into a vector tile. */
import { CopyReader } from "./CopyReader.ts"
import type { FeatureColumn } from "./encodeLayer.ts"
import { readTwkb, type Shape } from "./Twkb.ts"
import type { ValueKind } from "./ValueTable.ts"

/** A value of a feature; integers beyond 2^53 are rounded. */
export type Value = string | number | boolean | null

/** A row of a layer. */
export interface Feature {
  readonly shape: Shape
  readonly properties: Readonly<Record<string, Value>>
  /** The place of its row among the query's rows in the frame, from 1. */
  readonly row: number
}

const readValue: Readonly<Record<ValueKind, (bytes: Buffer, start: number, end: number) => Value>> = {
  bool: (bytes, start) => bytes[start] === 1,
  int: (bytes, start) => Number(bytes.readBigInt64BE(start)),
  float: (bytes, start) => bytes.readFloatBE(start),
  double: (bytes, start) => bytes.readDoubleBE(start),
  text: (bytes, start, end) => bytes.toString("utf8", start, end)
}

/** The rows of a binary COPY whose first column is the geometry. Those without one are left out. */
export const readFeatures = (columns: ReadonlyArray<FeatureColumn>, rows: Buffer): ReadonlyArray<Feature> => {
  const reader = new CopyReader(rows)
  const features: Array<Feature> = []
  for (let row = 1; reader.nextRow(); row++) {
    const shape = reader.nextField() ? readTwkb(rows, reader.start) : undefined
    const properties: Record<string, Value> = {}
    for (const { kind, name } of columns) {
      properties[name] = reader.nextField() ? readValue[kind](rows, reader.start, reader.end) : null
    }
    if (shape !== undefined) features.push({ shape, properties, row })
  }
  return features
}
