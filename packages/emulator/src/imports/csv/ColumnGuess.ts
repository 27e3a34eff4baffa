/**
 * The type of a column, guessed from all of its texts as GDAL does it for CARTO, with what that is known to destroy.
 *
 * `00501` becomes 501, `E12` becomes 0, and whole numbers beyond 64 bits become inexact ones.
 */

export type GuessedType = "text" | "integer" | "bigint" | "double precision" | "date" | "time" | "timestamptz"

export interface ColumnGuess {
  readonly see: (text: string) => void
  /** Gives the column up: it stays text. */
  readonly giveUp: () => void
  readonly type: () => GuessedType
  /** The SQL that reads the guessed type from a column of texts. */
  readonly cast: (column: string) => string
}

const wholeNumber = /^ *[+-]?\d+ *$/
// The exponent may stand alone.
const number = /^ *[+-]?(?=\.?\d|[eEdD])\d*\.?\d*(?:[eEdD][+-]?\d+)? *$/
const date = /^(\d{4})[-/](\d{2})[-/](\d{2})$/
const timestamp =
  /^(\d{4})[-/](\d{2})[-/](\d{2})[ T]([01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?$/
const time = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d+)?$/

const isDay = (match: RegExpExecArray | null): boolean => {
  if (match === null) return false
  const [, year = "", month = "", day = ""] = match
  const instant = new Date(Date.UTC(Number(year), Number(month) - 1, Number(day)))
  return Number(year) >= 1000 && instant.getUTCMonth() === Number(month) - 1 && instant.getUTCDate() === Number(day)
}

/**
 * How most cells of a column look, once its type is known: such a text cannot change it. Days beyond the 28th are left
 * to the calendar.
 */
const usual: { readonly [T in GuessedType]?: RegExp } = {
  integer: /^-?\d{1,9}$/,
  bigint: /^-?\d{1,18}$/,
  "double precision": /^-?\d{1,15}(?:\.\d{1,20})?$/,
  date: /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:[01][1-9]|10|2[0-8])$/,
  time,
  timestamptz:
    /^[1-9]\d{3}-(?:0[1-9]|1[0-2])-(?:[01][1-9]|10|2[0-8])[ T](?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d+)?)?(?:Z|[+-]\d{2}(?::?\d{2})?)?$/
}

const maxInteger = 2_147_483_647
const maxBigint = 9_223_372_036_854_775_807n

const wholeType = (text: string): GuessedType => {
  const value = Number(text)
  if (value >= -maxInteger - 1 && value <= maxInteger) return "integer"
  if (Number.isSafeInteger(value)) return "bigint"
  const exact = BigInt(text.trim().replace(/^\+/, ""))
  return exact <= maxBigint && exact >= -maxBigint - 1n ? "bigint" : "double precision"
}

// PostgreSQL refuses what is beyond the range of a double, on both ends.
const isInRange = (text: string): boolean => {
  const value = Number(text.replace(/[dD]/, "e"))
  return Number.isNaN(value) || (Number.isFinite(value) && (value !== 0 || !/[1-9].*[eEdD]/.test(text)))
}

const typeOf = (text: string): GuessedType => {
  if (wholeNumber.test(text)) return wholeType(text)
  if (number.test(text)) return isInRange(text) ? "double precision" : "text"
  if (isDay(date.exec(text))) return "date"
  if (isDay(timestamp.exec(text))) return "timestamptz"
  return time.test(text) ? "time" : "text"
}

const numbers: ReadonlyArray<GuessedType> = ["integer", "bigint", "double precision"]
const days: ReadonlyArray<GuessedType> = ["date", "timestamptz"]

const join = (a: GuessedType, b: GuessedType): GuessedType => {
  if (a === b) return a
  for (const order of [numbers, days]) {
    const place = Math.max(order.indexOf(a), order.indexOf(b))
    if (order.includes(a) && order.includes(b)) return order[place] ?? "text"
  }
  return "text"
}

/** @param decimalComma whether `1,5` is a number, as in files whose delimiter is a semicolon */
export const make = (decimalComma = false): ColumnGuess => {
  let type: GuessedType | undefined
  /** Whether PostgreSQL reads all numbers as they stand. */
  let isPlain = true
  return {
    see: (text) => {
      if (type === "text" || text === "" || (type !== undefined && usual[type]?.test(text))) return
      isPlain &&= !/[dD]|^ *[+-]?[eE]/.test(text)
      const one = typeOf(decimalComma ? text.replace(",", ".") : text)
      type = type === undefined ? one : join(type, one)
    },
    giveUp: () => {
      type = "text"
    },
    type: () => type ?? "text",
    cast: (column) => {
      if (type === undefined || type === "text") return column
      const value = `nullif(btrim(${decimalComma ? `replace(${column}, ',', '.')` : column}), '')`
      if (type !== "double precision" || isPlain) return `${value}::${type}`
      return `case when ${column} ~ '^ *[+-]?[eEdD]' then 0 else translate(${value}, 'dD', 'ee')::float8 end`
    }
  }
}
