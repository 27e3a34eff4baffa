/** Grows while protocol buffers are written into it. */

const initialSize = 1024
const fewBytes = 64

/** A buffer with an end that moves. */
export class ByteWriter {
  private buffer: Buffer
  /** How many bytes were written. */
  length = 0

  constructor(size = initialSize) {
    this.buffer = Buffer.allocUnsafe(size)
  }

  private room(size: number): void {
    if (this.length + size <= this.buffer.length) return
    const larger = Buffer.allocUnsafe(Math.max(this.buffer.length * 2, this.length + size))
    this.buffer.copy(larger, 0, 0, this.length)
    this.buffer = larger
  }

  /** An unsigned number below 2^53. */
  varint(value: number): void {
    this.room(10)
    let rest = value
    while (rest > 0x7f) {
      this.buffer[this.length++] = (rest & 0x7f) | 0x80
      rest = rest > 0x7fffffff ? Math.floor(rest / 128) : rest >>> 7
    }
    this.buffer[this.length++] = rest
  }

  /** A signed number below 2^31, small ones in few bytes. */
  zigzag(value: number): void {
    this.varint(((value << 1) ^ (value >> 31)) >>> 0)
  }

  /** An unsigned number of 64 bits. */
  varint64(value: bigint): void {
    this.room(10)
    let rest = value
    while (rest > 0x7fn) {
      this.buffer[this.length++] = Number(rest & 0x7fn) | 0x80
      rest >>= 7n
    }
    this.buffer[this.length++] = Number(rest)
  }

  float(value: number): void {
    this.room(4)
    this.length = this.buffer.writeFloatLE(value, this.length)
  }

  double(value: number): void {
    this.room(8)
    this.length = this.buffer.writeDoubleLE(value, this.length)
  }

  /** A stretch of other bytes. */
  copy(source: Buffer, start: number, end: number): void {
    this.room(end - start)
    // For the few bytes of a feature a loop is much faster than a call out of JavaScript.
    if (end - start > fewBytes) {
      source.copy(this.buffer, this.length, start, end)
      this.length += end - start
    } else {
      for (let index = start; index < end; index++) this.buffer[this.length++] = source[index] ?? 0
    }
  }

  /** A field with a length in front of its bytes. */
  bytes(field: number, source: Buffer, start = 0, end = source.length): void {
    this.varint((field << 3) | 2)
    this.varint(end - start)
    this.copy(source, start, end)
  }

  /** A field with all that another writer has written. */
  message(field: number, other: ByteWriter): void {
    this.bytes(field, other.buffer, 0, other.length)
  }

  text(field: number, value: string): void {
    this.bytes(field, Buffer.from(value))
  }

  /** A field with a plain number. */
  number(field: number, value: number): void {
    this.varint(field << 3)
    this.varint(value)
  }

  /** What was written, until it is written on. */
  get written(): Buffer {
    return this.buffer.subarray(0, this.length)
  }

  clear(): void {
    this.length = 0
  }
}
