/** Runs SQL of maps with the rights of a role, and reads its rows as JSON values. */
import * as Effect from "effect/Effect"
import * as Predicate from "effect/Predicate"
import * as Stream from "effect/Stream"
import { Database, type DatabaseError, type Field, type Message } from "../Database.ts"
import { toJson } from "../formats/jsonValue.ts"
import { asSubquery } from "../SqlText.ts"
import { substitute } from "./Frame.ts"
import { parse } from "./json.ts"
import { MapsSettings } from "./MapsSettings.ts"

/** A column of a result: its name in `pg_type` is undefined for types made a moment ago. */
export interface Column extends Field {
  readonly type: string | undefined
}

/** A row as values of JSON by column. */
export type Row = Readonly<Record<string, unknown>>

/** What a query has answered. */
export interface Result {
  readonly columns: ReadonlyArray<Column>
  readonly rows: ReadonlyArray<Row>
}

/** Runs SQL under the limit of time. */
export const run = (sql: string, role: string): Stream.Stream<Message, DatabaseError, Database | MapsSettings> =>
  Stream.unwrap(
    Effect.gen(function* () {
      const { statementTimeout } = yield* MapsSettings
      return (yield* Database).run(sql, { role, statementTimeout })
    })
  )

/** A layer's or source's query as a table of a FROM clause. A text that is no single statement keeps its syntax error. */
export const subquery = (sql: string, alias: string): string => `(${asSubquery(sql.replace(/;\s*$/, ""))}) AS ${alias}`

const isDate = (type: string | undefined): boolean => type === "date" || type === "timestamp" || type === "timestamptz"

/** An instant with milliseconds; the session's zone is UTC. */
const instant = (text: string): string => {
  const zone = /[+-]\d\d(?::\d\d)*$/.test(text.slice(10)) ? "" : "Z"
  const time = new Date(`${text.replace(" ", "T").replace(/([+-]\d\d)$/, "$1:00")}${text.length > 10 ? zone : ""}`)
  return Number.isNaN(time.getTime()) ? text : time.toISOString()
}

const cellReader = (type: string | undefined): ((text: string) => unknown) => {
  if (isDate(type)) return instant
  const write = toJson(type)
  return (text) => parse(write(text))
}

/** The rows of the last result: numbers that JSON has no form of are texts, instants are ISO text in UTC. */
export const query = Effect.fnUntraced(function* (sql: string, role: string) {
  const database = yield* Database
  let fields: ReadonlyArray<Field> = []
  const cells: Array<ReadonlyArray<string | null>> = []
  yield* Stream.runForEach(run(sql, role), (message) =>
    Effect.sync(() => {
      if (message._tag === "RowDescription") fields = message.fields
      if (message._tag === "DataRow") cells.push(message.cells)
    })
  )
  const columns = yield* Effect.forEach(fields, (field) =>
    Effect.map(database.typeName(field.typeOid), (type): Column => ({ ...field, type }))
  )
  const readers = columns.map(({ name, type }) => ({ name, read: cellReader(type) }))
  const rows = cells.map(
    (row): Row =>
      Object.fromEntries(
        readers.map(({ name, read }, index) => {
          const cell = row[index]
          return [name, Predicate.isString(cell) ? read(cell) : null]
        })
      )
  )
  return { columns, rows }
})

/** The statement by which the servers learn the columns of a layer, as it stands in their errors. */
export const columnsStatement = (sql: string): string => `SELECT * FROM (${sql.replace(/;\s*$/, "")}) as cdbq LIMIT 0`

/** The columns of a query, without running it for a row. */
export const columnsOf = (sql: string, role: string) =>
  Effect.map(query(`SELECT * FROM ${subquery(substitute(sql), "cdbq")} LIMIT 0`, role), ({ columns }) => columns)
