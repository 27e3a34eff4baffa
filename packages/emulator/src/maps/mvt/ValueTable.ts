/** The values of a layer's features, each kept once. */
import { ByteWriter } from "./ByteWriter.ts"

/** How a column's values come from PostgreSQL and how a tile writes them. */
export type ValueKind = "bool" | "int" | "float" | "double" | "text"

// Fields of the message Value.
const stringValue = 1
const floatValue = 2
const doubleValue = 3
const uintValue = 5
const sintValue = 6
const boolValue = 7

/** Equal values of one kind share an index. */
export class ValueTable {
  private readonly out = new ByteWriter()
  private readonly value = new ByteWriter()
  private readonly booleans = new Map<number, number>()
  private readonly integers = new Map<bigint | number, number>()
  private readonly floats = new Map<number, number>()
  private readonly doubles = new Map<number, number>()
  private readonly texts = new Map<string, number>()
  private count = 0

  /** Keeps the value that was just written, and gives it an index. */
  private keep<K>(known: Map<K, number>, key: K): number {
    this.out.message(4, this.value)
    this.value.clear()
    known.set(key, this.count)
    return this.count++
  }

  private boolean(value: number): number {
    const index = this.booleans.get(value)
    if (index !== undefined) return index
    this.value.number(boolValue, value)
    return this.keep(this.booleans, value)
  }

  private integer(value: bigint | number): number {
    const index = this.integers.get(value)
    if (index !== undefined) return index
    this.value.varint((value < 0 ? sintValue : uintValue) << 3)
    if (typeof value === "number") this.value.varint(value < 0 ? -2 * value - 1 : value)
    else this.value.varint64(value < 0n ? -2n * value - 1n : value)
    return this.keep(this.integers, value)
  }

  private float(value: number): number {
    const index = this.floats.get(value)
    if (index !== undefined) return index
    this.value.varint((floatValue << 3) | 5)
    this.value.float(value)
    return this.keep(this.floats, value)
  }

  private double(value: number): number {
    const index = this.doubles.get(value)
    if (index !== undefined) return index
    this.value.varint((doubleValue << 3) | 1)
    this.value.double(value)
    return this.keep(this.doubles, value)
  }

  private text(bytes: Buffer, start: number, end: number): number {
    const key = bytes.toString("latin1", start, end)
    const index = this.texts.get(key)
    if (index !== undefined) return index
    this.value.bytes(stringValue, bytes, start, end)
    return this.keep(this.texts, key)
  }

  /** The index of the value that stands in these bytes, in PostgreSQL's binary form. */
  index(kind: ValueKind, bytes: Buffer, start: number, end: number): number {
    switch (kind) {
      case "bool":
        return this.boolean(bytes[start] ?? 0)
      case "int": {
        const high = bytes.readInt32BE(start)
        const low = bytes.readUInt32BE(start + 4)
        // Two halves of a small number are read faster than one of 64 bits.
        if (high === 0) return this.integer(low)
        return this.integer(high === -1 ? low - 0x1_0000_0000 : bytes.readBigInt64BE(start))
      }
      case "float":
        return this.float(bytes.readFloatBE(start))
      case "double":
        return this.double(bytes.readDoubleBE(start))
      case "text":
        return this.text(bytes, start, end)
    }
  }

  /** All values, in the order of their indices. */
  get written(): Buffer {
    return this.out.written
  }
}
