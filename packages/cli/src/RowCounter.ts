/** Counts the rows of COPY data that goes by, without decoding it. */

const newline = 0x0a
const quote = 0x22

/** Takes the chunks in order and tells the rows so far; undefined where rows cannot be told apart. */
export const make = (options: {
  readonly format: "csv" | "text" | "binary"
  readonly header: boolean
}): ((chunk: Uint8Array) => number | undefined) => {
  if (options.format === "binary") return () => undefined
  let lines = options.format === "csv" && options.header ? -1 : 0
  let isQuoted = false
  const quotes = options.format === "csv"
  return (chunk) => {
    for (let index = 0; index < chunk.length; index++) {
      const byte = chunk[index]
      // A doubled quote turns twice and changes nothing.
      if (byte === quote) isQuoted = quotes && !isQuoted
      else if (byte === newline && !isQuoted) lines++
    }
    return Math.max(lines, 0)
  }
}
