/** JavaScript values in the text that PostgreSQL's input functions read. */
import * as BigDecimal from "effect/BigDecimal"
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Hex from "effect/encoding/Hex"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import { isFragment } from "effect/sql/Statement"
import * as Ewkb from "../Ewkb.ts"
import * as GeoJson from "../GeoJson.ts"
import { Geometry } from "../Geometry.ts"
import { Interval } from "../Interval.ts"
import { LiteralError } from "../LiteralError.ts"
import { instantText } from "./pgInstant.ts"

const refuse = (kind: string, reason: string): never => {
  throw new LiteralError({ kind, reason })
}

/** PostgreSQL text holds every Unicode character but NUL; half a surrogate pair is no character. */
export const checkText = (text: string): string => {
  if (text.includes("\0")) refuse("string", "PostgreSQL text cannot hold NUL")
  if (!text.isWellFormed()) refuse("string", "it has half of a surrogate pair")
  return text
}

/** What has a JSON form of its own that loses nothing; a Redacted or an Option would be written as something else. */
const checkMember = (value: unknown): void => {
  if (value instanceof Date || DateTime.isDateTime(value)) dateTimeText(value)
  else if (typeof value === "object" && value !== null && !Array.isArray(value)) checkPlain(value)
}

/** JSON.stringify shows values after their `toJSON`; the holder still has them as they were. */
function checkedMember(this: unknown, key: string, member: unknown): unknown {
  checkMember(Predicate.hasProperty(this, key) ? this[key] : member)
  checkText(key)
  if (typeof member === "string") return checkText(member)
  if (typeof member === "bigint") return refuse("bigint in JSON", "write it as a string, or as a column of its own")
  if (typeof member === "number" && !Number.isFinite(member)) return refuse("number in JSON", `JSON has no ${member}`)
  if (typeof member === "function" || typeof member === "symbol") return refuse(typeof member, "it has no JSON form")
  return member
}

/** JSON text that jsonb accepts; what JSON would drop or round in silence is refused. */
export const jsonText = (value: unknown): string => {
  try {
    return JSON.stringify(value, checkedMember)
  } catch (error) {
    if (error instanceof TypeError) return refuse("object", "it is circular")
    throw error
  }
}

/** Whole microseconds; PostgreSQL's interval has no finer unit. */
export const durationInterval = (duration: Duration.Duration): Interval => {
  const nanos = Option.getOrElse(Duration.toNanos(duration), () =>
    refuse("infinite Duration", "an interval is finite before PostgreSQL 17")
  )
  if (nanos % 1000n !== 0n) refuse("Duration", "an interval counts whole microseconds")
  return new Interval({ months: 0, days: 0, microseconds: nanos / 1000n })
}

/** The instant of a Date or DateTime in UTC. */
export const dateTimeText = (value: Date | DateTime.DateTime): string => {
  const milliseconds = value instanceof Date ? value.getTime() : DateTime.toEpochMillis(value)
  return Number.isNaN(milliseconds) ? refuse("Date", "it is an invalid date") : instantText(milliseconds)
}

/** A bytea in hexadecimal input form. */
export const byteaText = (bytes: Uint8Array): string => `\\x${Hex.encode(bytes)}`

/** A GeoJSON geometry with SRID 4326 as hexadecimal EWKB. */
export const geoJsonHex = (value: unknown): string => {
  if (!GeoJson.isGeometry(value)) return refuse("GeoJSON geometry", "its coordinates are not those of its type")
  return Result.match(Ewkb.encode(value), {
    onFailure: (error) => refuse("GeoJSON geometry", error.reason),
    onSuccess: (ewkb) => new Geometry({ ewkb }).hex
  })
}

export const isPlainObject = (value: object): boolean => {
  const prototype: unknown = Object.getPrototypeOf(value)
  return prototype === Object.prototype || prototype === null
}

/** Refuses objects that JSON would write as something else than themselves, a Map or a Redacted for example. */
export const checkPlain = (value: object): object => {
  if (isFragment(value)) refuse("SQL fragment", "it is SQL text, not a value")
  if (!isPlainObject(value)) {
    refuse(value.constructor.name, "encode it with its schema, or convert it to a plain object first")
  }
  return value
}

/** Whether an element anywhere inside is a geometry, whose arrays PostGIS delimits with a colon. */
export const hasGeometry = (values: ReadonlyArray<unknown>): boolean =>
  values.some((value) =>
    Array.isArray(value) ? hasGeometry(value) : isEncodedGeometry(value) || GeoJson.looksLikeGeometry(value)
  )

const isEncodedGeometry = Schema.is(Schema.toEncoded(Geometry))
const isEncodedInterval = Schema.is(Schema.toEncoded(Interval))

/** What a row's schema made of a Geometry or an Interval; neither form is JSON, so nothing else can be meant. */
export const revived = (value: object): object => {
  if (isEncodedGeometry(value)) return value instanceof Geometry ? value : new Geometry(value)
  if (isEncodedInterval(value)) return value instanceof Interval ? value : new Interval(value)
  return value
}

const arrayText = (values: ReadonlyArray<unknown>, delimiter: string): string =>
  `{${values.map((value) => elementText(value, delimiter)).join(delimiter)}}`

const elementText = (value: unknown, delimiter: string): string => {
  if (Array.isArray(value)) return arrayText(value, delimiter)
  const text = toText(value)
  if (text === null) return "NULL"
  if (typeof value === "number" || typeof value === "bigint" || typeof value === "boolean") return text
  return `"${text.replace(/["\\]/g, "\\$&")}"`
}

/** The text form of a value as a COPY cell or array element holds it; null for null, undefined and None. */
export const toText = (value: unknown): string | null => {
  switch (typeof value) {
    case "string":
      return checkText(value)
    case "number":
      return Object.is(value, -0) ? "-0" : String(value)
    case "bigint":
    case "boolean":
      return String(value)
    case "undefined":
      return null
    case "object":
      return value === null ? null : objectText(value)
    default:
      return refuse(typeof value, "it has no SQL form")
  }
}

const objectText = (value: object): string | null => {
  if (Array.isArray(value)) return arrayText(value, hasGeometry(value) ? ":" : ",")
  if (value instanceof Date || DateTime.isDateTime(value)) return dateTimeText(value)
  if (value instanceof Uint8Array) return byteaText(value)
  if (value instanceof Geometry) return value.hex
  if (value instanceof Interval) return value.toString()
  if (Duration.isDuration(value)) return durationInterval(value).toString()
  if (BigDecimal.isBigDecimal(value)) return BigDecimal.format(value)
  if (Option.isOption(value)) return Option.isNone(value) ? null : toText(value.value)
  if (GeoJson.looksLikeGeometry(value)) return geoJsonHex(value)
  const own = revived(value)
  return own === value ? jsonText(checkPlain(value)) : objectText(own)
}
