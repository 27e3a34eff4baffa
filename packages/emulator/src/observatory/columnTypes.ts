/** BigQuery's types, in which the Data Observatory tells columns, as PostgreSQL's. */
import type { Field } from "../Database.ts"
import { quoteIdentifier } from "../SqlText.ts"

export const columnTypes = {
  STRING: "text",
  BYTES: "bytea",
  INTEGER: "int8",
  INT64: "int8",
  FLOAT: "float8",
  FLOAT64: "float8",
  BOOLEAN: "boolean",
  BOOL: "boolean",
  TIMESTAMP: "timestamptz",
  DATE: "date",
  TIME: "time",
  DATETIME: "timestamp",
  /** Read from WKT, hexadecimal WKB or GeoJSON; always written as WKT, as BigQuery does. */
  GEOGRAPHY: "geometry(Geometry, 4326)"
} as const

export type ColumnType = keyof typeof columnTypes

export const isColumnType = (type: string): type is ColumnType => Object.hasOwn(columnTypes, type)

export interface Column {
  readonly name: string
  readonly type: ColumnType
}

/** The columns of a result for a CSV, given the name of each one's type. */
export const written = (fields: ReadonlyArray<Field & { readonly type: string | undefined }>): string =>
  fields
    .map(({ name, type }) => {
      const column = quoteIdentifier(name)
      // As BigQuery writes it: PostgreSQL's own is `t`.
      if (type === "bool") return `${column}::text as ${column}`
      return type === "geometry" || type === "geography" ? `ST_AsText(${column}) as ${column}` : column
    })
    .join(", ")
