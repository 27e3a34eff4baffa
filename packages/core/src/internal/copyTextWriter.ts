/** COPY text, incrementally: records in, pieces of bytes out. */
import { LiteralError } from "../LiteralError.ts"
import type { Feed } from "./feedChannel.ts"
import { toText } from "./pgText.ts"

/** Smaller pieces cost the HTTP client more than their bytes do. */
const PIECE = 1 << 16

const escapes = new Map([
  ["\\", "\\\\"],
  ["\b", "\\b"],
  ["\f", "\\f"],
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
  ["\v", "\\v"]
])

const special = /[\\\b\f\n\r\t\v]/

const cell = (value: unknown): string => {
  const text = toText(value)
  if (text === null) return "\\N"
  return special.test(text) ? text.replace(/[\\\b\f\n\r\t\v]/g, (c) => escapes.get(c) ?? c) : text
}

const cellIn = (column: string, value: unknown): string => {
  try {
    return cell(value)
  } catch (error) {
    if (error instanceof LiteralError) throw new LiteralError({ kind: error.kind, reason: error.reason, column })
    throw error
  }
}

/** Cells by name, or by position. */
export type CopyRow = Readonly<{ [column: string]: unknown }> | ReadonlyArray<unknown>

/** Own properties only, so that a column called `constructor` is not found on every record. */
const valueAt = (row: CopyRow, column: string, index: number): unknown => {
  if (isCells(row)) return row[index]
  return Object.hasOwn(row, column) ? row[column] : null
}

const isCells = (row: CopyRow): row is ReadonlyArray<unknown> => Array.isArray(row)

export const copyTextWriter = (columns: ReadonlyArray<string>): Feed<CopyRow, Uint8Array> => {
  const utf8 = new TextEncoder()
  let text = ""
  const flush = (out: Array<Uint8Array>): void => {
    out.push(utf8.encode(text))
    text = ""
  }
  return {
    push: (row, out) => {
      text += `${columns.map((column, i) => cellIn(column, valueAt(row, column, i))).join("\t")}\n`
      if (text.length >= PIECE) flush(out)
    },
    end: (out) => {
      if (text !== "") flush(out)
    }
  }
}
