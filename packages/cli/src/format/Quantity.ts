/** Counts, sizes, times and rates as people read them, the same in every locale so that scripts may read them too. */
import * as Duration from "effect/Duration"
import * as Option from "effect/Option"

const units = ["kB", "MB", "GB", "TB"] as const

/** `1,234`. */
export const count = (n: number): string => String(Math.trunc(n)).replace(/\B(?=(\d{3})+$)/g, ",")

export const rows = (n: number): string => `${count(n)} ${n === 1 ? "row" : "rows"}`

/** `812 B`, `5.2 MB`; powers of 1000. */
export const bytes = (n: number): string => {
  if (n < 1000) return `${n} B`
  const scale = units.findIndex((_, index) => n < 999_950 * 1000 ** index)
  const index = scale === -1 ? units.length - 1 : scale
  return `${(n / 1000 ** (index + 1)).toFixed(1)} ${units[index]}`
}

/** What `bytes` writes, and more exactly: `50MB`, `1.5 GB`, `512MiB`, `104857600`. None where it is no whole number of bytes. */
export const parseBytes = (text: string): Option.Option<number> => {
  const [, amount = "", unit = ""] = /^(\d+(?:\.\d+)?)\s*([a-z]*)$/i.exec(text.trim()) ?? []
  const [, prefix, isBinary] = /^(?:([kmgt])(i?))?b?$/i.exec(unit) ?? ["", "?"]
  const power = prefix === undefined ? 0 : 1 + "kmgt".indexOf(prefix.toLowerCase())
  const number = Number(amount) * (isBinary === undefined || isBinary === "" ? 1000 : 1024) ** power
  const whole = Math.round(number)
  return amount !== "" && prefix !== "?" && Number.isSafeInteger(whole) && Math.abs(whole - number) < 1e-6
    ? Option.some(whole)
    : Option.none()
}

/** `12 ms`, `3.1 s`, `2 m 5 s`, `3 h 20 m`. */
export const duration = (value: Duration.Duration): string => {
  const millis = Duration.toMillis(value)
  if (millis < 999.5) return `${Math.round(millis)} ms`
  if (millis < 59_950) return `${(millis / 1000).toFixed(1)} s`
  const seconds = Math.round(millis / 1000)
  return seconds < 3600
    ? `${Math.floor(seconds / 60)} m ${seconds % 60} s`
    : `${Math.floor(seconds / 3600)} h ${Math.floor((seconds % 3600) / 60)} m`
}
