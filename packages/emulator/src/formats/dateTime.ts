/** Dates and intervals of PostgreSQL's text form as the SQL API writes them. */

const stamp = /^(\d+)-(\d\d)-(\d\d)(?: (\d\d:\d\d:\d\d)(?:\.\d+)?([+-]\d\d(?::\d\d){0,2})?)?( BC)?$/

const offsetSeconds = (offset: string): number => {
  const [hours = 0, minutes = 0, seconds = 0] = offset.slice(1).split(":").map(Number)
  return (hours * 3600 + minutes * 60 + seconds) * (offset.startsWith("-") ? -1 : 1)
}

const pad = (value: number): string => String(value).padStart(2, "0")

const shifted = (year: number, month: number, day: number, time: string, offset: number): string => {
  const [hour = 0, minute = 0, second = 0] = time.split(":").map(Number)
  const date = new Date(0)
  date.setUTCFullYear(year, month - 1, day)
  date.setUTCHours(hour, minute, second - offset)
  const day_ = `${date.getUTCFullYear()}-${pad(date.getUTCMonth() + 1)}-${pad(date.getUTCDate())}`
  return `${day_}T${pad(date.getUTCHours())}:${pad(date.getUTCMinutes())}:${pad(date.getUTCSeconds())}Z`
}

/** `2020-01-31T12:34:56Z`: UTC, whole seconds; `Infinity` and `-Infinity`; years before Christ come out negative. */
export const dateTime = (text: string): string => {
  if (text === "infinity") return "Infinity"
  if (text === "-infinity") return "-Infinity"
  const [, year, month, day, time = "00:00:00", offset, bc] = stamp.exec(text) ?? []
  // Another DateStyle, set by the statement itself: PostgreSQL's text is all there is.
  if (year === undefined || month === undefined || day === undefined) return text
  const seconds = offset === undefined ? 0 : offsetSeconds(offset)
  if (seconds !== 0) {
    return shifted(bc === undefined ? Number(year) : 1 - Number(year), Number(month), Number(day), time, seconds)
  }
  return `${bc === undefined ? year : 1 - Number(year)}-${month}-${day}T${time}Z`
}

const units: ReadonlyArray<readonly [name: string, pattern: RegExp]> = [
  ["years", /(-?\d+) years?/],
  ["months", /(-?\d+) mons?/],
  ["days", /(-?\d+) days?/]
]

/** `1 day 02:03:04.5` as `{"days":1,"hours":2,…}`: only what is not zero. */
export const interval = (text: string): Record<string, number> => {
  const parts = units.map(([name, pattern]) => [name, Number(pattern.exec(text)?.[1] ?? 0)] as const)
  const [, sign, hours, minutes, seconds, fraction] = /([+-]?)(\d+):(\d\d):(\d\d)(?:\.(\d+))?$/.exec(text) ?? []
  const signed = (value: number): number => (sign === "-" ? -value : value)
  const time = [
    ["hours", signed(Number(hours ?? 0))],
    ["minutes", signed(Number(minutes ?? 0))],
    ["seconds", signed(Number(seconds ?? 0))],
    ["milliseconds", signed(Number(`0.${fraction ?? 0}`) * 1000)]
  ] as const
  return Object.fromEntries([...parts, ...time].filter(([, value]) => value !== 0))
}
