/** Rows of eight columns of mixed types, in each form that the SQL API writes them in. */

export interface BenchRow {
  readonly id: number
  readonly population: bigint
  readonly longitude: number
  readonly latitude: number
  readonly name: string
  readonly country: string
  readonly capital: boolean
  /** Microseconds since 1970. */
  readonly updated: number
}

/** What the SQL API says about the columns. */
export const fields = {
  id: { type: "number", pgtype: "int4" },
  population: { type: "number", pgtype: "int8" },
  longitude: { type: "number", pgtype: "float8" },
  latitude: { type: "number", pgtype: "float8" },
  name: { type: "string", pgtype: "text" },
  country: { type: "string", pgtype: "text" },
  capital: { type: "boolean", pgtype: "bool" },
  updated: { type: "date", pgtype: "timestamptz" }
} as const

/** The columns that JSON carries without loss, so that one request is enough. */
export const plainFields = {
  id: fields.id,
  level: { type: "number", pgtype: "int2" },
  longitude: fields.longitude,
  latitude: fields.latitude,
  name: fields.name,
  country: fields.country,
  capital: fields.capital,
  founded: { type: "date", pgtype: "date" }
} as const

/** Knuth's multiplicative hash: the same numbers in every process. */
const scattered = (index: number): number => Math.imul(index + 1, 2654435761) >>> 0

export const rowAt = (index: number): BenchRow => {
  const number = scattered(index)
  return {
    id: index,
    population: BigInt(number) * 1009n,
    longitude: (number / 4294967296) * 360 - 180,
    latitude: (scattered(number) / 4294967296) * 180 - 90,
    name: `City of ${number.toString(36)}${index % 10 === 0 ? " am Großen Fluß" : ""}`,
    country: ["Spain", "Germany", "United States", "Argentina"][number % 4] ?? "",
    capital: number % 16 === 0,
    updated: 1_700_000_000_000_000 + number * 1000 + (index % 1000)
  }
}

const timeText = (microseconds: number): string =>
  new Date(Math.floor(microseconds / 1000)).toISOString().replace("T", " ").replace("Z", "")

/** As the server rounds them: long integers as doubles, instants to the second. */
export const jsonOf = (row: BenchRow): string =>
  JSON.stringify({
    ...row,
    population: Number(row.population),
    updated: new Date(Math.floor(row.updated / 1000)).toISOString().replace(/\.\d+/, "")
  })

/** The same of a query that casts int8 and timestamptz to text. */
export const exactJsonOf = (row: BenchRow): string =>
  JSON.stringify({
    ...row,
    population: String(row.population),
    updated: `${timeText(row.updated)}${String(row.updated % 1000).padStart(3, "0")}+00`
  })

export const plainJsonOf = (row: BenchRow): string =>
  JSON.stringify({
    id: row.id,
    level: row.id % 1000,
    longitude: row.longitude,
    latitude: row.latitude,
    name: row.name,
    country: row.country,
    capital: row.capital,
    founded: `${new Date(row.updated / 1000).toISOString().slice(0, 10)}T00:00:00Z`
  })

export const csvOf = (row: BenchRow): string =>
  `${row.id},${row.population},${row.longitude},${row.latitude},${row.name},${row.country},${row.capital ? "t" : "f"},${timeText(row.updated)}+00\n`

/** Microseconds between 1970 and PostgreSQL's epoch, 2000-01-01. */
const epoch = 946_684_800_000_000

/** A row of COPY binary: the count of cells, then each with its size before it. */
export const binaryOf = (row: BenchRow): Buffer => {
  const name = Buffer.from(row.name)
  const country = Buffer.from(row.country)
  const bytes = Buffer.alloc(2 + 8 * 4 + 4 + 8 + 8 + 8 + name.length + country.length + 1 + 8)
  let at = bytes.writeInt16BE(8)
  at = bytes.writeInt32BE(4, at)
  at = bytes.writeInt32BE(row.id, at)
  at = bytes.writeInt32BE(8, at)
  at = bytes.writeBigInt64BE(row.population, at)
  for (const value of [row.longitude, row.latitude]) {
    at = bytes.writeInt32BE(8, at)
    at = bytes.writeDoubleBE(value, at)
  }
  for (const text of [name, country]) {
    at = bytes.writeInt32BE(text.length, at)
    at += text.copy(bytes, at)
  }
  at = bytes.writeInt32BE(1, at)
  at = bytes.writeInt8(row.capital ? 1 : 0, at)
  at = bytes.writeInt32BE(8, at)
  bytes.writeBigInt64BE(BigInt(row.updated - epoch), at)
  return bytes
}

/** The signature, flags and extension of COPY binary, and the count of -1 that ends it. */
export const binaryHeader = Buffer.from("PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", "latin1")
export const binaryTrailer = Buffer.from([0xff, 0xff])
