/** COPY text, incrementally: bytes in, finished rows of cells out. */
import * as Bytes from "effect/Bytes"
import { CopyFormatError } from "../CopyFormatError.ts"
import type { Feed } from "./feedChannel.ts"

/** The cells of a row; null is NULL. */
export type Cells = ReadonlyArray<string | null>

const LF = 10

const escapes = new Map([
  ["b", "\b"],
  ["f", "\f"],
  ["n", "\n"],
  ["r", "\r"],
  ["t", "\t"],
  ["v", "\v"]
])

const unescaped = (cell: string): string | null => {
  if (!cell.includes("\\")) return cell
  if (cell === "\\N") return null
  return cell.replace(/\\(.)/gs, (_, character: string) => escapes.get(character) ?? character)
}

/** A raw newline never occurs inside COPY text, so the input is cut at newlines before it is decoded. */
export const copyTextReader = <A>(options: {
  /** How many cells each row has; taken from the first row when undefined. */
  readonly width: number | undefined
  readonly row: (cells: Cells) => A
}): Feed<Uint8Array, A> => {
  const utf8 = new TextDecoder("utf-8", { fatal: true, ignoreBOM: true })
  let held: Array<Uint8Array> = []
  let { width } = options
  let rows = 0
  let ended = false

  const fail = (reason: string): never => {
    throw new CopyFormatError({ format: "text", row: rows + 1, reason })
  }

  const decode = (bytes: Uint8Array): string => {
    try {
      return utf8.decode(bytes)
    } catch {
      return fail("the bytes are not UTF-8")
    }
  }

  const line = (text: string, out: Array<A>): void => {
    if (ended) fail("data behind the end-of-data marker")
    if (text === "\\.") {
      ended = true
      return
    }
    const raw = text.split("\t")
    const cells = text.includes("\\") ? raw.map(unescaped) : raw
    width ??= cells.length
    if (cells.length !== width) fail(`${cells.length} cells where ${width} are expected`)
    out.push(options.row(cells))
    rows++
  }

  return {
    push: (chunk, out) => {
      const end = chunk.lastIndexOf(LF) + 1
      if (end === 0) {
        held.push(chunk)
        return
      }
      const whole = chunk.subarray(0, end)
      const text = decode(held.length === 0 ? whole : Bytes.concat([...held, whole]))
      held = end < chunk.length ? [chunk.subarray(end)] : []
      let start = 0
      for (let newline = text.indexOf("\n"); newline !== -1; newline = text.indexOf("\n", start)) {
        line(text.slice(start, newline), out)
        start = newline + 1
      }
    },
    end: () => {
      if (held.some((chunk) => chunk.length > 0)) fail("the data ends inside a row")
    }
  }
}
