/** Turns the bytes that PostgreSQL sends into the messages of the `Database` contract. */
import type { Field, Message } from "../Database.ts"

const headerLength = 5

/** An ErrorResponse, as far as clients of the SQL API see it. */
export interface ErrorReport {
  readonly code: string
  readonly message: string
  readonly detail?: string
  readonly hint?: string
}

/**
 * Decodes a stream of backend messages, however it is cut into pieces.
 *
 * A decoder owns the pieces it is given: COPY data is joined inside of them and handed on without a copy.
 */
export interface BackendDecoder {
  readonly decode: (piece: Buffer) => Array<Message>
  /** The first error that was reported. */
  readonly error: () => ErrorReport | undefined
}

export const make = (onOther?: (type: number, body: Buffer) => void): BackendDecoder => {
  const pending: Array<Buffer> = []
  let pendingLength = 0
  let wanted = headerLength
  let error: ErrorReport | undefined

  /** Whole messages only; what is left over waits for the next piece, and is joined once it is complete. */
  const complete = (piece: Buffer): Buffer | undefined => {
    if (pendingLength === 0) return piece
    pending.push(piece)
    pendingLength += piece.length
    if (pendingLength < wanted) return undefined
    const joined = Buffer.concat(pending, pendingLength)
    pending.length = 0
    pendingLength = 0
    return joined
  }

  const decode = (piece: Buffer): Array<Message> => {
    const messages: Array<Message> = []
    const bytes = complete(piece)
    if (bytes === undefined) return messages

    let latin1: string | undefined
    let copyStart = 0
    let copyEnd = 0
    const flushCopy = () => {
      if (copyEnd > copyStart) messages.push({ _tag: "CopyData", bytes: bytes.subarray(copyStart, copyEnd) })
      copyStart = copyEnd
    }

    let at = 0
    wanted = headerLength
    while (at + headerLength <= bytes.length) {
      const type = bytes[at]
      const end = at + 1 + bytes.readInt32BE(at + 1)
      if (end > bytes.length) {
        wanted = end - at
        break
      }
      const start = at + headerLength
      at = end
      if (type === 0x64 /* d CopyData */) {
        if (copyEnd === copyStart) {
          copyStart = start
          copyEnd = end
        } else {
          // Rows come one message each: joining them over the headers saves millions of small objects.
          bytes.copyWithin(copyEnd, start, end)
          copyEnd += end - start
        }
        continue
      }
      flushCopy()
      switch (type) {
        case 0x44 /* D DataRow */:
          {
            latin1 ??= bytes.toString("latin1")
            messages.push({ _tag: "DataRow", cells: decodeCells(bytes, latin1, start) })
            break
          }
        case 0x54 /* T RowDescription */:
          {
            messages.push({ _tag: "RowDescription", fields: decodeFields(bytes, start) })
            break
          }
        case 0x43 /* C CommandComplete */:
          {
            messages.push({ _tag: "CommandComplete", tag: bytes.toString("utf8", start, end - 1) })
            break
          }
        case 0x4e /* N NoticeResponse */:
          {
            const report = decodeReport(bytes, start)
            messages.push({ _tag: "Notice", severity: report.get("V") ?? "NOTICE", message: report.get("M") ?? "" })
            break
          }
        case 0x45 /* E ErrorResponse */:
          {
            error ??= toErrorReport(decodeReport(bytes, start))
            break
          }
        default: {
          if (type !== undefined) onOther?.(type, bytes.subarray(start, end))
        }
      }
    }
    flushCopy()
    if (at < bytes.length) {
      const rest = bytes.subarray(at)
      pending.push(rest)
      pendingLength = rest.length
    }
    return messages
  }

  return { decode, error: () => error }
}

/**
 * Cells are cut out of one Latin-1 reading of the whole piece, which is right for ASCII and several times faster than
 * one call into Node per cell; only a cell with other characters is decoded by itself.
 */
const decodeCells = (bytes: Buffer, latin1: string, start: number): Array<string | null> => {
  const count = bytes.readInt16BE(start)
  const cells: Array<string | null> = []
  let at = start + 2
  for (let index = 0; index < count; index++) {
    const length = bytes.readInt32BE(at)
    at += 4
    if (length < 0) {
      cells.push(null)
    } else {
      const end = at + length
      cells.push(isAscii(bytes, at, end) ? latin1.substring(at, end) : bytes.toString("utf8", at, end))
      at = end
    }
  }
  return cells
}

const isAscii = (bytes: Uint8Array, start: number, end: number): boolean => {
  for (let at = start; at < end; at++) {
    if ((bytes[at] ?? 0) > 0x7f) return false
  }
  return true
}

const decodeFields = (bytes: Buffer, start: number): ReadonlyArray<Field> => {
  const count = bytes.readInt16BE(start)
  const fields: Array<Field> = []
  let at = start + 2
  for (let index = 0; index < count; index++) {
    const end = bytes.indexOf(0, at)
    const name = bytes.toString("utf8", at, end)
    fields.push({ name, typeOid: bytes.readUInt32BE(end + 7), typeModifier: bytes.readInt32BE(end + 13) })
    at = end + 19
  }
  return fields
}

/** The fields of an ErrorResponse or NoticeResponse by their one-letter codes. */
const decodeReport = (bytes: Buffer, start: number): ReadonlyMap<string, string> => {
  const fields = new Map<string, string>()
  let at = start
  while (bytes[at] !== 0) {
    const end = bytes.indexOf(0, at + 1)
    fields.set(String.fromCharCode(bytes[at] ?? 0), bytes.toString("utf8", at + 1, end))
    at = end + 1
  }
  return fields
}

const toErrorReport = (report: ReadonlyMap<string, string>): ErrorReport => {
  const detail = report.get("D")
  const hint = report.get("H")
  return {
    code: report.get("C") ?? "XX000",
    message: report.get("M") ?? "unknown error",
    ...(detail === undefined ? undefined : { detail }),
    ...(hint === undefined ? undefined : { hint })
  }
}
