/** One table: how each `pgtype` reads from the SQL API's JSON and from PostgreSQL's text. */
import * as Hex from "effect/encoding/Hex"
import * as Predicate from "effect/Predicate"
import * as Result from "effect/Result"
import { Geometry } from "../Geometry.ts"
import { PgTypeError } from "../PgTypeError.ts"
import { parseArray } from "./pgArray.ts"
import { dateFromJson, instantFromJson, instantFromText } from "./pgInstant.ts"
import { intervalFromJson, intervalFromText } from "./pgInterval.ts"
import { parseJson } from "./pgJson.ts"
import { plainDecimal, significantDigits } from "./pgNumeric.ts"

/** Neither side ever sees NULL. Both throw `PgTypeError`, which names `column`. */
export interface PgDecoder {
  readonly json: (value: unknown, column: string) => unknown
  readonly text: (text: string, column: string) => unknown
  /** Whether JSON carries every value of the type without loss. */
  readonly exact: boolean
  /** Which values `json` returns as they are, so that rows need no second look: all of them, or all numbers. */
  readonly keeps: "all" | "numbers" | "none"
}

const mismatch = (pgtype: string, column: string, reason: string): never => {
  throw new PgTypeError({ pgtype, column, reason })
}

const advice = "JSON has rounded it: read it through COPY, or cast the column to text"

const special = new Set(["NaN", "Infinity", "-Infinity"])

const string: PgDecoder = { json: (value) => value, text: (text) => text, exact: true, keeps: "all" }

const numberOf = (pgtype: string, text: string, column: string): number => {
  const value = Number(text)
  return text === "" || (Number.isNaN(value) && text !== "NaN") ? mismatch(pgtype, column, "expected a number") : value
}

const number = (pgtype: string): PgDecoder => ({
  json: (value, column) => {
    if (typeof value === "number") return value
    return typeof value === "string" && special.has(value)
      ? Number(value)
      : mismatch(pgtype, column, "expected a JSON number")
  },
  text: (text, column) => numberOf(pgtype, text, column),
  exact: true,
  // NaN and the infinities travel as strings.
  keeps: "numbers"
})

const integer = /^-?\d+$/

const int8: PgDecoder = {
  json: (value, column) =>
    Number.isSafeInteger(value) && typeof value === "number"
      ? BigInt(value)
      : mismatch("int8", column, typeof value === "number" ? advice : "expected a JSON number"),
  text: (text, column) => (integer.test(text) ? BigInt(text) : mismatch("int8", column, "expected an integer")),
  exact: false,
  keeps: "none"
}

const numeric: PgDecoder = {
  json: (value, column) => {
    if (typeof value === "number") {
      return significantDigits(value) > 15 ? mismatch("numeric", column, advice) : plainDecimal(value)
    }
    return typeof value === "string" && special.has(value)
      ? value
      : mismatch("numeric", column, "expected a JSON number")
  },
  text: (text) => text,
  exact: false,
  keeps: "none"
}

const truths = new Map([
  ["t", true],
  ["true", true],
  ["f", false],
  ["false", false]
])

const bool: PgDecoder = {
  json: (value, column) => (typeof value === "boolean" ? value : mismatch("bool", column, "expected a JSON boolean")),
  text: (text, column) => truths.get(text) ?? mismatch("bool", column, "expected t or f"),
  exact: true,
  keeps: "all"
}

const json = (pgtype: string): PgDecoder => ({
  json: (value) => value,
  text: (text, column) => parseJson(text, pgtype, column),
  exact: true,
  keeps: "all"
})

const date: PgDecoder = {
  json: (value, column) => dateFromJson(value, column),
  text: (text) => text,
  exact: true,
  keeps: "none"
}

const instant = (pgtype: string): PgDecoder => ({
  json: (value, column) => instantFromJson(value, pgtype, column),
  text: (text, column) => instantFromText(text, pgtype, column),
  exact: false,
  keeps: "none"
})

const interval: PgDecoder = { json: intervalFromJson, text: intervalFromText, exact: true, keeps: "none" }

const isByte = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value >= 0 && value < 256

/** `\x0102`, or the older escape form `a\\b\001` of `bytea_output = escape`. */
const byteaFromText = (text: string, column: string): Uint8Array => {
  if (text.startsWith("\\x")) {
    return Result.getOrElse(Hex.decode(text.slice(2)), () => mismatch("bytea", column, "expected hexadecimal digits"))
  }
  const unescaped = text.replace(/\\(\\|[0-3][0-7]{2})/g, (_, code: string) =>
    code === "\\" ? code : String.fromCharCode(Number.parseInt(code, 8))
  )
  return Uint8Array.from(unescaped, (character) => character.charCodeAt(0))
}

const bytea: PgDecoder = {
  json: (value, column) =>
    Predicate.hasProperty(value, "data") && Array.isArray(value.data) && value.data.every(isByte)
      ? Uint8Array.from(value.data)
      : mismatch("bytea", column, 'expected {"type":"Buffer","data":[…]}'),
  text: byteaFromText,
  exact: true,
  keeps: "none"
}

const geometryFromHex = (pgtype: string, hex: unknown, column: string): Geometry =>
  typeof hex === "string"
    ? Result.match(Hex.decode(hex), {
        onFailure: () => mismatch(pgtype, column, "expected hexadecimal EWKB"),
        onSuccess: (ewkb) => new Geometry({ ewkb })
      })
    : mismatch(pgtype, column, "expected hexadecimal EWKB")

const geometry = (pgtype: string): PgDecoder => ({
  json: (value, column) => geometryFromHex(pgtype, value, column),
  text: (text, column) => geometryFromHex(pgtype, text, column),
  exact: true,
  keeps: "none"
})

const point: PgDecoder = {
  json: (value) => value,
  text: (text, column) => {
    const m = /^\(([^,]+),([^,]+)\)$/.exec(text)
    return m === null
      ? mismatch("point", column, "expected (x,y)")
      : { x: numberOf("point", m[1] ?? "", column), y: numberOf("point", m[2] ?? "", column) }
  },
  exact: true,
  keeps: "all"
}

const scalars: ReadonlyMap<string, PgDecoder> = new Map([
  ...["int2", "int4", "oid", "float4", "float8"].map((name) => [name, number(name)] as const),
  ["int8", int8],
  ["numeric", numeric],
  ["bool", bool],
  ["json", json("json")],
  ["jsonb", json("jsonb")],
  ["date", date],
  ["timestamp", instant("timestamp")],
  ["timestamptz", instant("timestamptz")],
  ["interval", interval],
  ["bytea", bytea],
  ["geometry", geometry("geometry")],
  ["geography", geometry("geography")],
  ["point", point]
])

/** Types whose arrays are not delimited by commas. */
const delimiters = new Map([
  ["geometry", ":"],
  ["geography", ":"],
  ["box", ";"]
])

const array = (pgtype: string, of: string): PgDecoder => {
  const element = scalars.get(of) ?? string
  const fromJson = (value: unknown, column: string): unknown => {
    if (Array.isArray(value)) return value.map((item) => fromJson(item, column))
    return value === null ? null : element.json(value, column)
  }
  const fromText = (text: string, column: string): unknown =>
    parseArray(
      text,
      delimiters.get(of) ?? ",",
      (item) => element.text(item, column),
      () => mismatch(pgtype, column, "malformed array text")
    )
  return {
    // The server writes arrays of types it does not know as PostgreSQL text.
    json: (value, column) => {
      if (typeof value === "string") return fromText(value, column)
      // An array inside a JSON array is an element as often as a dimension: it stays as it is.
      return of === "json" || of === "jsonb" ? value : fromJson(value, column)
    },
    text: fromText,
    exact: element.exact,
    keeps: "none"
  }
}

/** The decoder of a type by PostgreSQL's internal name; every type without an entry is text. */
export const decoderOf = (pgtype: string): PgDecoder => {
  const name = pgtype.toLowerCase()
  return scalars.get(name) ?? (name.startsWith("_") ? array(name, name.slice(1)) : string)
}
