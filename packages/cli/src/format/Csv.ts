/** CSV as PostgreSQL's COPY reads it back: NULL is an empty cell, an empty text is `""`. */
import { toText } from "./Value.ts"

export const line = (cells: ReadonlyArray<unknown>): string => `${cells.map(cell).join(",")}\n`

const cell = (value: unknown): string => {
  if (value === null || value === undefined) return ""
  const text = toText(value)
  return text === "" || needsQuotes.test(text) ? `"${text.replaceAll('"', '""')}"` : text
}

// A cell of \. alone would end COPY's input on older servers.
const needsQuotes = /[",\r\n]|^\s|\s$|^\\\.$/
