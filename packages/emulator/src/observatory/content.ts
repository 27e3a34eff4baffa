/** The rows of what the Data Observatory of this machine offers, as queries. */
import * as Predicate from "effect/Predicate"
import { quoteIdentifier, quoteLiteral } from "../SqlText.ts"
import { type Column, columnTypes } from "./columnTypes.ts"
import { type Entity, geoid, name } from "./entities.ts"

/** The column of places, of a geography and of a dataset beside it. */
export const geometryColumn = "geom"

export const columnsOf = (entity: Entity): ReadonlyArray<Column> =>
  entity.type === "dataset" ? entity.variables : [geoid, name, { name: geometryColumn, type: "GEOGRAPHY" }]

/** The rows as a query. */
export const content = (entity: Entity): string => {
  const columns = columnsOf(entity)
  const typed = columns.map(
    ({ name, type }) => `${quoteIdentifier(name)}::${columnTypes[type]} as ${quoteIdentifier(name)}`
  )
  const rows = entity.rows.map(
    (cells) => `(${cells.map((cell) => (Predicate.isString(cell) ? quoteLiteral(cell) : cell)).join(", ")})`
  )
  const names = columns.map(({ name }) => quoteIdentifier(name))
  return `select ${typed.join(", ")} from (values ${rows.join(", ")}) as data (${names.join(", ")})`
}

/** Sizes as a subscription tells them. */
export const sizes = (entity: Entity) => {
  const bytes = Buffer.byteLength(content(entity))
  return {
    estimated_size: bytes,
    estimated_row_count: entity.rows.length,
    estimated_columns_count: columnsOf(entity).length,
    num_bytes: bytes
  }
}
