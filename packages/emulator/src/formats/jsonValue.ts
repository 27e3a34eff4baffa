/** A cell of PostgreSQL's text form as JSON text, with all the losses of the real servers. */
import { dateTime, interval } from "./dateTime.ts"

/** Turns the text of a cell that is not NULL into JSON text. */
export type ToJson = (text: string) => string

const verbatim: ToJson = (text) => text

const quoted: ToJson = (text) => `"${text}"`

// int8 and numeric become doubles and lose digits; what is not finite is a string.
const double: ToJson = (text) => {
  const value = Number(text)
  return Number.isFinite(value) ? String(value) : `"${value}"`
}

const reserialized: ToJson = (text) => JSON.stringify(JSON.parse(text))

const bytes: ToJson = (text) => JSON.stringify(Buffer.from(text.slice(2), "hex"))

const point: ToJson = (text) => {
  const [x = "0", y = "0"] = text.slice(1, -1).split(",")
  return `{"x":${double(x)},"y":${double(y)}}`
}

const scalars: Readonly<Record<string, ToJson>> = {
  int2: verbatim,
  int4: verbatim,
  oid: verbatim,
  int8: double,
  float4: double,
  float8: double,
  numeric: double,
  bool: (text) => (text === "t" ? "true" : "false"),
  date: (text) => quoted(dateTime(text)),
  timestamp: (text) => quoted(dateTime(text)),
  timestamptz: (text) => quoted(dateTime(text)),
  interval: (text) => JSON.stringify(interval(text)),
  json: reserialized,
  jsonb: reserialized,
  bytea: bytes,
  point,
  geometry: quoted,
  geography: quoted,
  raster: quoted
}

// The arrays the servers can read; all others, `name[]` among them, stay PostgreSQL's text.
const arrayElements = new Set(
  "bool bytea int2 int4 int8 oid float4 float8 numeric point bpchar varchar text macaddr inet cidr timestamp date timestamptz interval json jsonb uuid money time timetz numrange"
    .split(" ")
    .map((name) => `_${name}`)
)

// A brace, a comma, a quoted element or a bare one; array bounds such as [0:1]= stand before all.
const arrayToken = /[{},]|"((?:[^"\\]|\\[\s\S])*)"|[^{},"]+/g

const array =
  (element: ToJson): ToJson =>
  (text) =>
    text.replace(/^\[[^=]*=/, "").replace(arrayToken, (token, inQuotes: string | undefined) => {
      if (token === "{") return "["
      if (token === "}") return "]"
      if (token === ",") return ","
      if (inQuotes !== undefined) return element(inQuotes.replace(/\\([\s\S])/g, "$1"))
      return token === "NULL" ? "null" : element(token)
    })

/** The writer for a type by its name in `pg_type`; `undefined` is a type the servers do not know. */
export const toJson = (typeName: string | undefined): ToJson => {
  if (typeName === undefined) return JSON.stringify
  if (arrayElements.has(typeName)) return array(scalars[typeName.slice(1)] ?? JSON.stringify)
  return scalars[typeName] ?? JSON.stringify
}
