/** What a CSV file does not say of itself: its encoding and its delimiter. */
import { isUtf8 } from "node:buffer"
import * as Effect from "effect/Effect"
import * as FileSystem from "effect/FileSystem"
import * as Stream from "effect/Stream"

/** Names that `TextDecoder` knows. */
export type Encoding = "utf-8" | "utf-16le" | "utf-16be" | "windows-1252"

const chunkSize = 256 * 1024

const isContinuation = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80

/** Bytes from the last begun character on, which may end in the next piece. */
const openEnd = (bytes: Uint8Array): number => {
  let start = bytes.length - 1
  while (start > 0 && bytes.length - start < 4 && isContinuation(bytes[start])) start -= 1
  return start < 0 || (bytes[start] ?? 0) < 0x80 ? bytes.length : start
}

/** Whether a whole file is UTF-8, in one pass with flat memory. */
const isUtf8File = Effect.fnUntraced(function* (path: string) {
  const fileSystem = yield* FileSystem.FileSystem
  let rest: Uint8Array = new Uint8Array()
  const isGood = yield* fileSystem.stream(path, { chunkSize }).pipe(
    Stream.map((piece) => {
      const bytes = Buffer.concat([rest, piece])
      const end = openEnd(bytes)
      rest = bytes.subarray(end)
      return isUtf8(bytes.subarray(0, end))
    }),
    Stream.takeUntil((good) => !good),
    Stream.runFold(
      () => true,
      (all, good) => all && good
    )
  )
  return isGood && isUtf8(rest)
})

/** By the byte order mark, or else by the bytes: what is not UTF-8 is read as Windows' Western European. */
export const encodingOf = Effect.fnUntraced(function* (path: string, head: Uint8Array) {
  if (head[0] === 0xff && head[1] === 0xfe) return "utf-16le" satisfies Encoding
  if (head[0] === 0xfe && head[1] === 0xff) return "utf-16be" satisfies Encoding
  return (yield* isUtf8File(path)) ? ("utf-8" satisfies Encoding) : ("windows-1252" satisfies Encoding)
})

const delimiters = [",", ";", "\t", "|"]

/** How often a delimiter stands in each line, outside of quotes. */
const counts = (lines: ReadonlyArray<string>, delimiter: string): ReadonlyArray<number> =>
  lines.map((line) => line.replace(/"(?:[^"]|"")*"/g, "").split(delimiter).length - 1)

/** The one that stands in every line, as often as it can be; a comma where none does. */
export const delimiterOf = (head: string): string => {
  const all = head.split(/\r\n|\n|\r/)
  // What stands behind the last line end may be cut.
  const whole = (all.length > 1 ? all.slice(0, -1) : all).filter((line) => line !== "").slice(0, 20)
  const scores = delimiters.map((delimiter) => {
    const each = counts(whole, delimiter)
    const isEven = each.every((count) => count === each[0])
    return { delimiter, score: Math.min(...each) + (isEven ? 0.5 : 0), first: each[0] ?? 0 }
  })
  const best = scores
    .filter(({ first }) => first > 0)
    .reduce((best, one) => (one.score > best.score ? one : best), { delimiter: ",", score: -1, first: 0 })
  return best.delimiter
}
