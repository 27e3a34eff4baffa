/** COPY binary, incrementally: bytes in, finished row objects out. */
import * as Bytes from "effect/Bytes"
import { CopyFormatError } from "../CopyFormatError.ts"
import type { Column } from "../PgTypes.ts"
import type { Feed } from "./feedChannel.ts"
import { type BinaryDecoder, binaryDecoder, binarySource, type Cells } from "./pgBinary.ts"
import { compile, objectLiteral, objectOf, type Row } from "./rowFunction.ts"
import { makeUtf8 } from "./Utf8.ts"

/** `PGCOPY\n\xff\r\n\0`, then flags and the size of a header extension. */
const SIGNATURE = [80, 71, 67, 79, 80, 89, 10, 255, 13, 10, 0]
const HEADER = SIGNATURE.length + 8

/** So much of a chunk is copied to end the row in progress: rows are seldom longer, chunks mostly are. */
const BRIDGE = 4096

/** A chunk with the place of the next row in it. */
interface Source extends Cells {
  readonly end: number
  offset: number
}

/**
 * Reads one row after its cell count and moves the offset behind it. Undefined when the chunk ends inside the row; the
 * offset is then of no use.
 */
type ReadRow = (source: Source) => Row | undefined

const isReadRow = (value: unknown): value is ReadRow => typeof value === "function"

const badSize = (size: number): never => {
  throw new RangeError(`a cell of ${size} bytes`)
}

const generatedRow = (columns: ReadonlyArray<Column>, decoders: ReadonlyArray<BinaryDecoder>): unknown =>
  compile(
    ["badSize", ...decoders.map((_, i) => `d${i}`)],
    `return (cells) => {
  const view = cells.view, end = cells.end
  let offset = cells.offset, size = 0
  ${columns.map((_, i) => `let c${i} = null`).join("\n  ")}
  ${columns
    .map(
      ({ pgtype }, i) => `if (end - offset < 4) return undefined
  size = view.getInt32(offset); offset += 4
  if (size >= 0) { if (size > end - offset) return undefined; c${i} = ${binarySource(pgtype, `d${i}`)}; offset += size } else if (size !== -1) badSize(size)`
    )
    .join("\n  ")}
  cells.offset = offset
  return ${objectLiteral(
    columns.map(({ name }) => name),
    (i) => `c${i}`
  )}
}`,
    [badSize, ...decoders]
  )

const closureRow =
  (names: ReadonlyArray<string>, decoders: ReadonlyArray<BinaryDecoder>): ReadRow =>
  (source) => {
    const values: Array<unknown> = []
    let { offset } = source
    for (const decode of decoders) {
      if (source.end - offset < 4) return undefined
      const size = source.view.getInt32(offset)
      offset += 4
      if (size < -1) badSize(size)
      if (size > source.end - offset) return undefined
      values.push(size === -1 ? null : decode(source, offset, size))
      if (size > 0) offset += size
    }
    source.offset = offset
    return objectOf(names, values)
  }

/** Throws `PgTypeError` at once when a column has no binary decoder. */
export const binaryRow = (columns: ReadonlyArray<Column>): ReadRow => {
  const decoders = columns.map(({ name, pgtype }) => binaryDecoder(pgtype, name))
  const generated = generatedRow(columns, decoders)
  if (isReadRow(generated)) return generated
  return closureRow(
    columns.map(({ name }) => name),
    decoders
  )
}

/** The format ends with a count of -1: data without it broke off, whatever the HTTP layer says. */
export const copyBinaryReader = (width: number, readRow: ReadRow): Feed<Uint8Array, Row> => {
  const utf8 = makeUtf8()
  let held: Array<Uint8Array> = []
  let heldSize = 0
  /** How many bytes to gather before the unfinished row is tried again. */
  let wanted = HEADER
  let started = false
  let ended = false
  let rows = 0

  const fail = (reason: string): never => {
    throw new CopyFormatError({ format: "binary", row: rows + 1, reason })
  }

  /** Where the first row begins; undefined while the header is incomplete. */
  const header = (bytes: Uint8Array, view: DataView): number | undefined => {
    if (SIGNATURE.some((byte, i) => bytes[i] !== byte)) fail("it does not start as COPY binary does")
    const first = HEADER + view.getUint32(HEADER - 4)
    return first <= bytes.length ? first : undefined
  }

  const read = (bytes: Uint8Array, out: Array<Row>): number => {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    const source: Source = { bytes, view, utf8, end: bytes.length, offset: 0 }
    let start = 0
    if (!started) {
      const first = header(bytes, view)
      if (first === undefined) return 0
      start = first
      started = true
    }
    while (start + 2 <= bytes.length) {
      const count = view.getInt16(start)
      if (count === -1) {
        ended = true
        return bytes.length - start === 2 ? bytes.length : fail("data behind the end of the rows")
      }
      if (count !== width) fail(`${count} cells where ${width} are expected`)
      source.offset = start + 2
      const row = readRow(source)
      if (row === undefined) break
      out.push(row)
      rows++
      start = source.offset
    }
    return start
  }

  const attempt = (bytes: Uint8Array, out: Array<Row>): number => {
    try {
      return read(bytes, out)
    } catch (error) {
      // Text that is not UTF-8 is a TypeError, a wrong size a RangeError.
      if (error instanceof TypeError || error instanceof RangeError) fail(error.message)
      throw error
    }
  }

  const take = (bytes: Uint8Array, out: Array<Row>): void => {
    const consumed = attempt(bytes, out)
    const rest = bytes.subarray(consumed)
    held = rest.length === 0 ? [] : [rest]
    heldSize = rest.length
    // Doubling keeps a row of many chunks from being copied and tried once per chunk.
    wanted = !started ? Math.max(HEADER, heldSize + 1) : consumed === 0 ? 2 * heldSize : 0
  }

  const push = (chunk: Uint8Array, out: Array<Row>): void => {
    if (chunk.length === 0) return
    if (ended) fail("data behind the end of the rows")
    const [rest, ...others] = held
    if (rest !== undefined && others.length === 0 && rest.length < BRIDGE && chunk.length > BRIDGE) {
      const consumed = attempt(Bytes.concat([rest, chunk.subarray(0, BRIDGE)]), out)
      if (consumed >= rest.length) {
        held = []
        heldSize = 0
        wanted = 0
        push(chunk.subarray(consumed - rest.length), out)
        return
      }
    }
    held.push(chunk)
    heldSize += chunk.length
    if (heldSize >= wanted) take(held.length === 1 ? chunk : Bytes.concat(held), out)
  }

  return {
    push,
    end: (out) => {
      if (!ended && heldSize > 0) {
        const consumed = attempt(Bytes.concat(held), out)
        heldSize -= consumed
      }
      if (!ended) fail("the data ends before its trailer: it is incomplete")
    }
  }
}
