/** CSV, read record by record from pieces of text: as tolerant as GDAL's reader, which CARTO uses. */

/** `quoted` tells of each cell whether it stood in quotes. */
export type OnRecord = (cells: ReadonlyArray<string>, quoted: ReadonlyArray<boolean>) => void

/** What no spreadsheet writes: most likely a quote that never closes. */
const maxRecord = 16 * 1024 * 1024

export interface RecordReader {
  /** False when the text cannot be CSV. */
  readonly push: (text: string) => boolean
  readonly end: () => boolean
}

const quote = 0x22
const lineFeed = 0x0a
const carriageReturn = 0x0d

/** Blank lines are no records. A quote inside of an unquoted cell is a character as any other. */
export const make = (delimiter: string, onRecord: OnRecord): RecordReader => {
  const separator = delimiter.charCodeAt(0)
  let text = ""

  /** Reads the record at `start`; answers where the next one begins, or -1 when this one goes on in the next piece. */
  const readRecord = (start: number, isLast: boolean): number => {
    const cells: Array<string> = []
    const quoted: Array<boolean> = []
    const { length } = text
    let i = start
    for (;;) {
      const isQuoted = text.charCodeAt(i) === quote
      let cell = ""
      if (isQuoted) {
        for (let from = ++i; ; from = i) {
          const close = text.indexOf('"', i)
          // What follows the last character decides whether a quote closes or stands for itself.
          if (close < 0 || (close + 1 >= length && !isLast)) return -1
          cell += text.slice(from, close)
          i = close + 1
          if (text.charCodeAt(i) !== quote) break
          cell += '"'
          i += 1
        }
      }
      const from = i
      let code = text.charCodeAt(i)
      while (i < length && code !== separator && code !== lineFeed && code !== carriageReturn) {
        code = text.charCodeAt(++i)
      }
      if (i >= length && !isLast) return -1
      cells.push(from === i ? cell : cell + text.slice(from, i))
      quoted.push(isQuoted)
      if (i < length && code === separator) {
        i += 1
        continue
      }
      if (code === carriageReturn) {
        if (i + 1 >= length && !isLast) return -1
        if (text.charCodeAt(i + 1) === lineFeed) i += 1
      }
      if (cells.length > 1 || isQuoted || cells[0] !== "") onRecord(cells, quoted)
      return i + 1
    }
  }

  const read = (isLast: boolean): boolean => {
    let position = 0
    while (position < text.length) {
      const next = readRecord(position, isLast)
      if (next < 0) break
      position = next
    }
    text = text.slice(position)
    return text.length <= maxRecord
  }

  return {
    push: (piece) => {
      text += piece
      return read(false)
    },
    end: () => read(true) && text === ""
  }
}
