/** Dates and instants in the forms PostgreSQL and the SQL API write them. */
import * as DateTime from "effect/DateTime"
import { PgTypeError } from "../PgTypeError.ts"

const DAY = 86_400_000
/** The last millisecond a Date, and so a DateTime, can hold. */
const LIMIT = 8.64e15
/** Below it (the years 1691 to 2248) a double of milliseconds still tells one microsecond from the next. */
const MICROSECOND_LIMIT = 2 ** 43
const epoch = DateTime.makeUnsafe(0)

/** Days from 1970-01-01 in the proleptic Gregorian calendar; `Date.UTC` cannot do years 0 to 99. */
export const daysFromCivil = (year: number, month: number, day: number): number => {
  const y = month <= 2 ? year - 1 : year
  const era = Math.floor(y / 400)
  const yearOfEra = y - era * 400
  const dayOfYear = Math.floor((153 * (month + (month > 2 ? -3 : 9)) + 2) / 5) + day - 1
  return era * 146_097 + yearOfEra * 365 + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100) + dayOfYear - 719_468
}

const padded = (n: number, width: number): string => n.toString().padStart(width, "0")

/** `YYYY-MM-DD`, with the year of a date before our era moved by one and ` BC` left to the caller. */
const civil = (days: number): { readonly text: string; readonly bc: boolean } => {
  const shifted = days + 719_468
  const era = Math.floor(shifted / 146_097)
  const dayOfEra = shifted - era * 146_097
  const yearOfEra = Math.floor(
    (dayOfEra - Math.floor(dayOfEra / 1460) + Math.floor(dayOfEra / 36_524) - Math.floor(dayOfEra / 146_096)) / 365
  )
  const dayOfYear = dayOfEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100))
  const mp = Math.floor((5 * dayOfYear + 2) / 153)
  const day = dayOfYear - Math.floor((153 * mp + 2) / 5) + 1
  const month = mp < 10 ? mp + 3 : mp - 9
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
  const bc = year <= 0
  return { text: `${padded(bc ? 1 - year : year, 4)}-${padded(month, 2)}-${padded(day, 2)}`, bc }
}

/** A date as PostgreSQL writes it, from days since 1970-01-01. */
export const dateText = (days: number): string => {
  const { bc, text } = civil(days)
  return bc ? `${text} BC` : text
}

/** `HH:MM:SS[.ffffff]` of a time of day in microseconds, without trailing zeros, as PostgreSQL writes it. */
export const timeText = (microseconds: number): string => {
  const seconds = Math.floor(microseconds / 1_000_000)
  const fraction = microseconds - seconds * 1_000_000
  const clock = `${padded(Math.floor(seconds / 3600), 2)}:${padded(Math.floor(seconds / 60) % 60, 2)}:${padded(seconds % 60, 2)}`
  return fraction === 0 ? clock : `${clock}.${padded(fraction, 6).replace(/0+$/, "")}`
}

/** A timestamp as PostgreSQL writes it, from days since 1970-01-01 and the microseconds of the day. */
export const timestampText = (days: number, microseconds: number, zone: string): string => {
  const { bc, text } = civil(days)
  return `${text} ${timeText(microseconds)}${zone}${bc ? " BC" : ""}`
}

/** An instant in UTC as PostgreSQL text; the microseconds are the fraction of `milliseconds`. */
export const instantText = (milliseconds: number, zone = "+00"): string => {
  const days = Math.floor(milliseconds / DAY)
  const inDay = Math.round((milliseconds - days * DAY) * 1000)
  // Rounding the fraction may reach midnight of the next day.
  return inDay === DAY * 1000 ? timestampText(days + 1, 0, zone) : timestampText(days, inDay, zone)
}

/** The instant of whole milliseconds plus microseconds; undefined for NaN, and where a DateTime would round it. */
export const instant = (milliseconds: number, microseconds: number): DateTime.Utc | undefined => {
  if (!(Math.abs(milliseconds) <= LIMIT)) return undefined
  if (microseconds === 0) return DateTime.mapEpochMillis(epoch, () => milliseconds)
  if (Math.abs(milliseconds) >= MICROSECOND_LIMIT) return undefined
  return DateTime.mapEpochMillis(epoch, () => (milliseconds * 1000 + microseconds) / 1000)
}

const isoTimestamp =
  /^(\d{4,})-(\d\d)-(\d\d) (\d\d):(\d\d):(\d\d)(?:\.(\d{1,6}))?(?:([+-])(\d\d)(?::(\d\d)(?::(\d\d))?)?)?( BC)?$/

const SPACE = 0x20
const PLUS_ZERO = "+00"
const MINUS = 0x2d
const DOT = 0x2e
const ZERO = 0x30
const COLON = 0x3a
const T = 0x54
const Z = 0x5a

/** NaN where there is none, which every sum keeps. */
const digit = (text: string, at: number): number => {
  const value = text.charCodeAt(at) - ZERO
  return value >= 0 && value <= 9 ? value : Number.NaN
}

const twoDigits = (text: string, at: number): number => digit(text, at) * 10 + digit(text, at + 1)

/** How long `YYYY-MM-DD HH:MM:SS` is. */
const SECONDS_END = 19

/**
 * Milliseconds of a text that begins with `YYYY-MM-DD HH:MM:SS`, or NaN. A pattern match costs ten times as much, and
 * nearly all instants have this form.
 */
const wallClock = (text: string, separator: number): number =>
  text.charCodeAt(4) === MINUS &&
  text.charCodeAt(7) === MINUS &&
  text.charCodeAt(10) === separator &&
  text.charCodeAt(13) === COLON &&
  text.charCodeAt(16) === COLON
    ? daysFromCivil(twoDigits(text, 0) * 100 + twoDigits(text, 2), twoDigits(text, 5), twoDigits(text, 8)) * DAY +
      ((twoDigits(text, 11) * 60 + twoDigits(text, 14)) * 60 + twoDigits(text, 17)) * 1000
    : Number.NaN

/** Microseconds of `.ffffff`, which may have fewer digits; NaN for anything else, 0 for nothing. */
const fractionOf = (text: string, start: number, end: number): number => {
  if (start === end) return 0
  if (text.charCodeAt(start) !== DOT || end - start < 2 || end - start > 7) return Number.NaN
  let value = 0
  for (let i = 1; i <= 6; i++) value = value * 10 + (start + i < end ? digit(text, start + i) : 0)
  return value
}

/** Undefined for all but the commonest form, in UTC or without zone. */
const plainInstant = (text: string): DateTime.Utc | undefined => {
  const microseconds = fractionOf(text, SECONDS_END, text.length - (text.endsWith(PLUS_ZERO) ? PLUS_ZERO.length : 0))
  const milliseconds = wallClock(text, SPACE) + Math.floor(microseconds / 1000)
  return instant(milliseconds, microseconds % 1000)
}

/** ±infinity, and what DateTime cannot hold, stay PostgreSQL's text. A timestamp without zone is read as UTC. */
export const instantFromText = (text: string, pgtype: string, column: string): DateTime.Utc | string => {
  const plain = plainInstant(text)
  if (plain !== undefined) return plain
  const m = isoTimestamp.exec(text)
  if (m === null) {
    if (text === "infinity" || text === "-infinity") return text
    throw new PgTypeError({ pgtype, column, reason: "expected an ISO timestamp; the session's DateStyle must be ISO" })
  }
  const year = m[12] === undefined ? Number(m[1]) : 1 - Number(m[1])
  const fraction = (m[7] ?? "").padEnd(6, "0")
  const zone = (Number(m[9] ?? 0) * 3600 + Number(m[10] ?? 0) * 60 + Number(m[11] ?? 0)) * (m[8] === "-" ? -1 : 1)
  const seconds = Number(m[4]) * 3600 + Number(m[5]) * 60 + Number(m[6]) - zone
  const milliseconds =
    daysFromCivil(year, Number(m[2]), Number(m[3])) * DAY + seconds * 1000 + Number(fraction.slice(0, 3))
  return instant(milliseconds, Number(fraction.slice(3))) ?? text
}

const jsonTimestamp = /^(-?\d+)-(\d\d)-(\d\d)T(\d\d):(\d\d):(\d\d)(?:Z|([+-])(\d\d):?(\d\d))$/

const infinities = new Map([
  ["Infinity", "infinity"],
  ["-Infinity", "-infinity"]
])

/** Milliseconds of `YYYY-MM-DDTHH:MM:SSZ`, the form of nearly all values of a server in UTC; NaN for anything else. */
const plainJson = (text: string): number =>
  text.length === SECONDS_END + 1 && text.charCodeAt(SECONDS_END) === Z ? wallClock(text, T) : Number.NaN

const matchJson = (value: unknown, pgtype: string, column: string): RegExpExecArray => {
  const m = typeof value === "string" ? jsonTimestamp.exec(value) : null
  if (m === null) throw new PgTypeError({ pgtype, column, reason: "expected a date in the SQL API's JSON form" })
  return m
}

/** The SQL API writes a timestamp without zone in the zone of its own process: the wall clock counts, not the offset. */
export const instantFromJson = (value: unknown, pgtype: string, column: string): DateTime.Utc | string => {
  const plain = typeof value === "string" ? instant(plainJson(value), 0) : undefined
  if (plain !== undefined) return plain
  const infinity = infinities.get(String(value))
  if (infinity !== undefined) return infinity
  const m = matchJson(value, pgtype, column)
  const zone =
    pgtype === "timestamptz" ? (Number(m[8] ?? 0) * 3600 + Number(m[9] ?? 0) * 60) * (m[7] === "-" ? -1 : 1) : 0
  const seconds = Number(m[4]) * 3600 + Number(m[5]) * 60 + Number(m[6]) - zone
  const milliseconds = daysFromCivil(Number(m[1]), Number(m[2]), Number(m[3])) * DAY + seconds * 1000
  return instant(milliseconds, 0) ?? instantText(milliseconds, pgtype === "timestamptz" ? "+00" : "")
}

/** All dates of a server in UTC but those before our era: year 0 is 1 BC. */
const plainDate = /^(?!0000)\d{4}-\d\d-\d\dT00:00:00Z$/

/** A date of the SQL API's JSON as PostgreSQL text; year -43 is 44 BC. */
export const dateFromJson = (value: unknown, column: string): string => {
  if (typeof value === "string" && plainDate.test(value)) return value.slice(0, 10)
  const infinity = infinities.get(String(value))
  if (infinity !== undefined) return infinity
  const m = matchJson(value, "date", column)
  return dateText(daysFromCivil(Number(m[1]), Number(m[2]), Number(m[3])))
}
