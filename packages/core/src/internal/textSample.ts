/** What the beginning of a text file tells: its encoding and its delimiter. */
import * as Result from "effect/Result"
import { attempt } from "./attempt.ts"

export type Bom = "utf-8" | "utf-16le" | "utf-16be"

export const bomOf = ([a, b, c]: Uint8Array): Bom | undefined =>
  a === 0xef && b === 0xbb && c === 0xbf
    ? "utf-8"
    : a === 0xff && b === 0xfe
      ? "utf-16le"
      : a === 0xfe && b === 0xff
        ? "utf-16be"
        : undefined

/** Whether bytes that come in pieces are UTF-8 so far; a character may be cut by the end of a piece. */
export const watchUtf8 = () => {
  const decoder = new TextDecoder("utf-8", { fatal: true })
  let isValid = true
  return {
    see: (bytes: Uint8Array): void => {
      if (!isValid) return
      isValid = Result.isSuccess(
        attempt(
          (error): error is TypeError => error instanceof TypeError,
          () => decoder.decode(bytes, { stream: true })
        )
      )
    },
    isValid: (): boolean => isValid
  }
}

const delimiters = [",", ";", "\t", "|"] as const
const lines = 50

/** The delimiter that divides the most lines into as many cells as the first one; none where there is one column. */
export const delimiterOf = (text: string): string | undefined => {
  const scored = delimiters.map((delimiter) => {
    const [header = 0, ...others] = countsOf(text, delimiter)
    return { delimiter, header, alike: header === 0 ? -1 : others.filter((count) => count === header).length }
  })
  const best = scored.sort((a, b) => b.alike - a.alike || b.header - a.header)[0]
  return best === undefined || best.header === 0 ? undefined : best.delimiter
}

/** How often it stands outside of quotes, by line. */
const countsOf = (text: string, delimiter: string): ReadonlyArray<number> => {
  const counts: Array<number> = []
  let count = 0
  let isQuoted = false
  let isEmpty = true
  for (const character of text) {
    if (character === '"') isQuoted = !isQuoted
    if (!isQuoted && character === delimiter) count += 1
    if (!isQuoted && character === "\n") {
      if (!isEmpty) counts.push(count)
      if (counts.length === lines) return counts
      count = 0
      isEmpty = true
    } else if (character !== "\r") isEmpty = false
  }
  return counts.length === 0 && !isEmpty ? [count] : counts
}
