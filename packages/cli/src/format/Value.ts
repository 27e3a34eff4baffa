/** A decoded value of a row as text: nothing rounded, nothing lost, the same in every format that shows text. */
import { Geometry } from "@effect-carto/core/Geometry"
import { Interval } from "@effect-carto/core/Interval"
import * as DateTime from "effect/DateTime"
import * as Hex from "effect/encoding/Hex"
import * as Predicate from "effect/Predicate"

/** Without quotes or escapes; the caller decides how NULL looks. */
export const toText = (value: unknown): string => {
  switch (typeof value) {
    case "string":
      return value
    case "number":
      return Object.is(value, -0) ? "-0" : String(value)
    case "bigint":
    case "boolean":
      return String(value)
    default:
      return scalarText(value) ?? toJson(value)
  }
}

/** What JSON cannot carry as a number, NaN and the infinities, is text as in PostgreSQL's own JSON; int8 keeps every digit. */
export const toJson = (value: unknown): string => {
  switch (typeof value) {
    case "string":
      return JSON.stringify(value)
    case "number":
      return Number.isFinite(value) ? toText(value) : `"${value}"`
    case "bigint":
    case "boolean":
      return String(value)
    default: {
      const text = scalarText(value)
      if (text !== undefined) return JSON.stringify(text)
      if (Array.isArray(value)) return `[${value.map(toJson).join(",")}]`
      return Predicate.isObject(value) ? objectJson(value) : "null"
    }
  }
}

const objectJson = (value: object): string =>
  `{${Object.entries(value)
    .map(([key, member]) => `${JSON.stringify(key)}:${toJson(member)}`)
    .join(",")}}`

/** Values that are objects here and one text in PostgreSQL: bytes and geometry as hexadecimal, instants as ISO 8601. */
const scalarText = (value: unknown): string | undefined => {
  if (value instanceof Uint8Array) return `\\x${Hex.encode(value)}`
  if (value instanceof Geometry) return value.hex
  if (value instanceof Interval) return value.toString()
  return DateTime.isDateTime(value) ? instantText(value) : undefined
}

/** PostgreSQL counts microseconds; they are the fraction of `epochMilliseconds`, which `formatIso` would drop. */
const instantText = (instant: DateTime.DateTime): string => {
  const micros = BigInt(Math.round(instant.epochMilliseconds * 1000))
  const fraction = ((micros % 1_000_000n) + 1_000_000n) % 1_000_000n
  const seconds = DateTime.formatIso(DateTime.makeUnsafe(Number((micros - fraction) / 1000n))).replace(/\.\d+Z$/, "")
  const digits = fraction.toString().padStart(6, "0").replace(/0+$/, "")
  return `${seconds}${digits === "" ? "" : `.${digits}`}Z`
}
