/** Walks over the rows of COPY in PostgreSQL's binary format without copying a byte. */

const signatureLength = 11

/** Its position moves on with every row and field; all fields of a row must be stepped over. */
export class CopyReader {
  readonly bytes: Buffer
  private position: number
  /** Where the field begins that was read last. */
  start = 0
  /** Where it ends. */
  end = 0

  /** `bytes` begin with the header, or, as `isFirst` says, with a later row. */
  constructor(bytes: Buffer, isFirst = true) {
    this.bytes = bytes
    const extension = signatureLength + 4
    const header = extension + 4 + (bytes.length < extension + 4 ? 0 : bytes.readInt32BE(extension))
    this.position = isFirst ? header : 0
  }

  /** Steps to the next row; false behind the last one. */
  nextRow(): boolean {
    if (this.position + 2 > this.bytes.length) return false
    const fields = this.bytes.readInt16BE(this.position)
    this.position += 2
    return fields >= 0
  }

  /** Steps to the next field; false where it is NULL. */
  nextField(): boolean {
    const length = this.bytes.readInt32BE(this.position)
    this.start = this.position + 4
    this.end = this.start + Math.max(length, 0)
    this.position = this.end
    return length >= 0
  }
}
