/** PostgreSQL's binary forms, as COPY binary and arrays hold them. */
import { Geometry } from "../Geometry.ts"
import { Interval } from "../Interval.ts"
import { PgTypeError } from "../PgTypeError.ts"
import { dateText, instant, timestampText, timeText } from "./pgInstant.ts"
import { parseJson } from "./pgJson.ts"
import { numericFromBinary } from "./pgNumeric.ts"
import type { Utf8 } from "./Utf8.ts"

/** The bytes of one chunk, with the views that decoders need. */
export interface Cells {
  readonly bytes: Uint8Array
  readonly view: DataView
  readonly utf8: Utf8
}

/** Reads a value of `size` bytes at `offset`, all of them inside the chunk. Throws `PgTypeError`. */
export type BinaryDecoder = (cells: Cells, offset: number, size: number) => unknown

type Factory = (column: string) => BinaryDecoder

/** Days and microseconds from 1970 to PostgreSQL's own epoch, 2000-01-01. */
const EPOCH_DAYS = 10_957
const EPOCH_MS = EPOCH_DAYS * 86_400_000
const DAY_US = 86_400_000_000n

const floorDivide = (a: bigint, b: bigint): bigint => a / b - (a % b < 0n ? 1n : 0n)

const wrongSize = (pgtype: string, column: string, size: number): never => {
  throw new PgTypeError({
    pgtype,
    column,
    reason: `${size} bytes are not its binary form: the column has another type`
  })
}

/** A type of fixed size, which is checked because a wrong pgtype would otherwise read its neighbours. */
const fixed =
  (pgtype: string, bytes: number, read: (view: DataView, offset: number, cells: Cells) => unknown): Factory =>
  (column) =>
  (cells, offset, size) =>
    size === bytes ? read(cells.view, offset, cells) : wrongSize(pgtype, column, size)

const text: Factory = () => (cells, offset, size) => cells.utf8.read(cells.bytes, offset, size)

const json =
  (pgtype: string, header: number): Factory =>
  (column) =>
  (cells, offset, size) => {
    if (header === 1 && cells.bytes[offset] !== 1) wrongSize(pgtype, column, size)
    return parseJson(cells.utf8.read(cells.bytes, offset + header, size - header), pgtype, column)
  }

const MIN_NORMAL_FLOAT4 = 2 ** -126

/** A float4 reads as its shortest decimal, 0.1 rather than 0.10000000149011612, as its text form does. */
const float4 = (value: number): number => {
  if (value === 0 || !Number.isFinite(value)) return value
  // Six digits are always kept, except by the subnormal numbers.
  for (let digits = Math.abs(value) < MIN_NORMAL_FLOAT4 ? 1 : 6; digits < 9; digits++) {
    const short = Number(value.toPrecision(digits))
    if (Math.fround(short) === value) return short
  }
  return Number(value.toPrecision(9))
}

const MAX_INT32 = 0x7fffffff
const MIN_INT32 = -0x80000000

const date = (days: number): string =>
  days === MAX_INT32 ? "infinity" : days === MIN_INT32 ? "-infinity" : dateText(days + EPOCH_DAYS)

const timestamp =
  (zone: string) =>
  (view: DataView, offset: number): unknown => {
    const high = view.getInt32(offset)
    const low = view.getUint32(offset + 4)
    if (high === MAX_INT32 && low === 0xffffffff) return "infinity"
    if (high === MIN_INT32 && low === 0) return "-infinity"
    const microseconds = high * 4294967296 + low
    if (Number.isSafeInteger(microseconds)) {
      const milliseconds = Math.floor(microseconds / 1000)
      const value = instant(milliseconds + EPOCH_MS, microseconds - milliseconds * 1000)
      if (value !== undefined) return value
    }
    return farTimestamp(view.getBigInt64(offset), zone)
  }

/** Outside of what a double counts in microseconds, the years 1714 to 2285. */
const farTimestamp = (microseconds: bigint, zone: string): unknown => {
  const days = floorDivide(microseconds, DAY_US)
  const inDay = Number(microseconds - days * DAY_US)
  const day = Number(days) + EPOCH_DAYS
  const fraction = inDay % 1000
  return instant(day * 86_400_000 + (inDay - fraction) / 1000, fraction) ?? timestampText(day, inDay, zone)
}

const int64 = (view: DataView, offset: number): number =>
  view.getInt32(offset) * 4294967296 + view.getUint32(offset + 4)

const zoneText = (secondsWest: number): string => {
  const seconds = Math.abs(secondsWest)
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  const shown = seconds % 60 !== 0 ? 3 : seconds % 3600 !== 0 ? 2 : 1
  return `${secondsWest > 0 ? "-" : "+"}${parts
    .slice(0, shown)
    .map((part) => String(part).padStart(2, "0"))
    .join(":")}`
}

const interval = (view: DataView, offset: number): unknown => {
  const microseconds = view.getBigInt64(offset)
  const days = view.getInt32(offset + 8)
  const months = view.getInt32(offset + 12)
  if (months === MAX_INT32 && days === MAX_INT32) return "infinity"
  if (months === MIN_INT32 && days === MIN_INT32) return "-infinity"
  return new Interval({ months, days, microseconds })
}

const uuid = (_: DataView, offset: number, { bytes }: Cells): string => {
  let hex = ""
  for (let i = offset; i < offset + 16; i++) {
    hex += (bytes[i] ?? 0).toString(16).padStart(2, "0")
    if (hex.length === 8 || hex.length === 13 || hex.length === 18 || hex.length === 23) hex += "-"
  }
  return hex
}

/** Copied, so that the value does not keep its whole chunk alive. */
const bytea: Factory = () => (cells, offset, size) => cells.bytes.slice(offset, offset + size)

const geometry: Factory = () => (cells, offset, size) =>
  new Geometry({ ewkb: cells.bytes.slice(offset, offset + size) })

const scalars: ReadonlyMap<string, Factory> = new Map<string, Factory>([
  ["bool", fixed("bool", 1, (_, offset, cells) => cells.bytes[offset] === 1)],
  ["int2", fixed("int2", 2, (view, offset) => view.getInt16(offset))],
  ["int4", fixed("int4", 4, (view, offset) => view.getInt32(offset))],
  ["int8", fixed("int8", 8, (view, offset) => view.getBigInt64(offset))],
  ["oid", fixed("oid", 4, (view, offset) => view.getUint32(offset))],
  ["float4", fixed("float4", 4, (view, offset) => float4(view.getFloat32(offset)))],
  ["float8", fixed("float8", 8, (view, offset) => view.getFloat64(offset))],
  [
    "numeric",
    (column) => (cells, offset, size) =>
      size >= 8 && size === 8 + 2 * cells.view.getInt16(offset)
        ? numericFromBinary(cells.view, offset)
        : wrongSize("numeric", column, size)
  ],
  ...["text", "varchar", "bpchar", "name", "xml", "unknown", "citext"].map((name) => [name, text] as const),
  ["json", json("json", 0)],
  ["jsonb", json("jsonb", 1)],
  ["bytea", bytea],
  ["uuid", fixed("uuid", 16, uuid)],
  ["date", fixed("date", 4, (view, offset) => date(view.getInt32(offset)))],
  ["timestamp", fixed("timestamp", 8, timestamp(""))],
  ["timestamptz", fixed("timestamptz", 8, timestamp("+00"))],
  ["time", fixed("time", 8, (view, offset) => timeText(int64(view, offset)))],
  [
    "timetz",
    fixed("timetz", 12, (view, offset) => `${timeText(int64(view, offset))}${zoneText(view.getInt32(offset + 8))}`)
  ],
  ["interval", fixed("interval", 16, interval)],
  ["point", fixed("point", 16, (view, offset) => ({ x: view.getFloat64(offset), y: view.getFloat64(offset + 8) }))],
  ["geometry", geometry],
  ["geography", geometry]
])

const array =
  (pgtype: string, element: Factory): Factory =>
  (column) => {
    const decode = element(column)
    return (cells, offset, size) => {
      const { view } = cells
      const end = offset + size
      if (size < 12) return wrongSize(pgtype, column, size)
      const dimensions = view.getInt32(offset)
      if (dimensions < 0 || dimensions > 6 || size < 12 + 8 * dimensions) return wrongSize(pgtype, column, size)
      let at = offset + 12 + 8 * dimensions
      const item = (): unknown => {
        if (end - at < 4) return wrongSize(pgtype, column, size)
        const length = view.getInt32(at)
        at += 4
        if (length === -1) return null
        if (length < 0 || length > end - at) return wrongSize(pgtype, column, size)
        at += length
        return decode(cells, at - length, length)
      }
      const list = (dimension: number): unknown => {
        if (dimension === dimensions) return item()
        const length = view.getInt32(offset + 12 + 8 * dimension)
        const items: Array<unknown> = []
        for (let i = 0; i < length; i++) items.push(list(dimension + 1))
        return items
      }
      return dimensions === 0 ? [] : list(0)
    }
  }

/** What `fixed` would call, as source. */
const reads: ReadonlyMap<string, readonly [bytes: number, read: string]> = new Map([
  ["bool", [1, "cells.bytes[offset] === 1"]],
  ["int2", [2, "view.getInt16(offset)"]],
  ["int4", [4, "view.getInt32(offset)"]],
  ["int8", [8, "view.getBigInt64(offset)"]],
  ["float8", [8, "view.getFloat64(offset)"]]
])

/**
 * A call of `decoder`, the name of a `BinaryDecoder`, as source of `cells`, `view`, `offset` and `size`. The commonest
 * types are read in place, as V8 does not inline such calls; the decoder still refuses a wrong size.
 */
export const binarySource = (pgtype: string, decoder: string): string => {
  const call = `${decoder}(cells, offset, size)`
  const [bytes, read] = reads.get(pgtype.toLowerCase()) ?? []
  return read === undefined ? call : `size === ${bytes} ? ${read} : ${call}`
}

const factoryOf = (pgtype: string): Factory | undefined => {
  const name = pgtype.toLowerCase()
  const scalar = scalars.get(name)
  if (scalar !== undefined || !name.startsWith("_")) return scalar
  const element = scalars.get(name.slice(1))
  return element === undefined ? undefined : array(name, element)
}

/** Whether the binary form of a type is known here. */
export const isBinary = (pgtype: string): boolean => factoryOf(pgtype) !== undefined

/** The decoder of a column; throws `PgTypeError` when its binary form is not known here. */
export const binaryDecoder = (pgtype: string, column: string): BinaryDecoder => {
  const factory = factoryOf(pgtype)
  if (factory === undefined) {
    throw new PgTypeError({
      pgtype,
      column,
      reason: "its binary form is not supported: use COPY text, or cast it to text"
    })
  }
  return factory(column)
}
