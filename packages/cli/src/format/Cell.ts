/** A value as one cell of a table: one line, nothing that could steer the terminal, cut to a number of columns. */
import { Geometry } from "@effect-carto/core/Geometry"
import * as CliOutput from "effect/cli/CliOutput"
import { printableLine } from "../printable.ts"
import { toText } from "./Value.ts"
import { toWkt } from "./Wkt.ts"

export const toCell = (value: unknown): string =>
  value === null || value === undefined
    ? "NULL"
    : printableLine(value instanceof Geometry ? toWkt(value) : toText(value))

/** Columns of the terminal that a text takes: wide characters take two, combining marks none. */
export const width = (text: string): number => (isPlain.test(text) ? text.length : CliOutput.displayWidth(text))

/** Cuts between characters as people see them, and says so with `…`. */
export const cut = (text: string, columns: number): string => {
  if (width(text) <= columns) return text
  if (isPlain.test(text)) return `${text.slice(0, Math.max(0, columns - 1))}…`
  let kept = ""
  let used = 1
  for (const { segment } of graphemes(text)) {
    used += width(segment)
    if (used > columns) break
    kept += segment
  }
  return `${kept}…`
}

export const pad = (text: string, columns: number, align: "left" | "right"): string => {
  const space = " ".repeat(Math.max(0, columns - width(text)))
  return align === "left" ? text + space : space + text
}

const isPlain = /^[\x20-\x7e]*$/

/** Made when a text needs it: the system's tables of graphemes take twenty milliseconds to load. */
let segmenter: Intl.Segmenter | undefined

const graphemes = (text: string): Iterable<Intl.SegmentData> => {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "grapheme" })
  return segmenter.segment(text)
}
