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

export class ValueTable {
  private readonly out = new ByteWriter()
  private readonly value = new ByteWriter()
  private readonly known = {
    bool: new Map<number, number>(),
    int: new Map<bigint | number, number>(),
    float: new Map<number, number>(),
    double: new Map<number, number>(),
    text: new Map<string, number>()
  }
  private count = 0

  private add(): number {
    this.out.bytes(4, this.value.written)
    this.value.clear()
    return this.count++
  }

  private once<K>(known: Map<K, number>, key: K, write: (key: K) => void): number {
    const index = known.get(key)
    if (index !== undefined) return index
    write(key)
    const added = this.add()
    known.set(key, added)
    return added
  }

  private readonly writeInteger = (value: bigint | number): void => {
    const field = value < 0 ? sintValue : uintValue
    this.value.varint(field << 3)
    if (typeof value === "number") this.value.varint(value < 0 ? -2 * value - 1 : value)
    else this.value.varint64(value < 0n ? -2n * value - 1n : value)
  }

  /** The index of the value that stands in these bytes, in PostgreSQL's binary form. */
  index(kind: ValueKind, bytes: Buffer, start: number, end: number): number {
    switch (kind) {
      case "bool":
        return this.once(this.known.bool, bytes[start] ?? 0, (value) => this.value.number(boolValue, value))
      case "int": {
        const high = bytes.readInt32BE(start)
        const low = bytes.readUInt32BE(start + 4)
        // Two halves of a small number are read faster than one of 64 bits.
        const value = high === 0 ? low : high === -1 ? low - 0x1_0000_0000 : bytes.readBigInt64BE(start)
        return this.once<bigint | number>(this.known.int, value, this.writeInteger)
      }
      case "float":
        return this.once(this.known.float, bytes.readFloatBE(start), (value) => {
          this.value.varint((floatValue << 3) | 5)
          this.value.float(value)
        })
      case "double":
        return this.once(this.known.double, bytes.readDoubleBE(start), (value) => {
          this.value.varint((doubleValue << 3) | 1)
          this.value.double(value)
        })
      case "text":
        return this.once(this.known.text, bytes.toString("latin1", start, end), () =>
          this.value.bytes(stringValue, bytes.subarray(start, end))
        )
    }
  }

  /** The values in the order of their indices. */
  get written(): Buffer {
    return this.out.written
  }
}
