/** A dataset of one account made again in another, its rows going from one COPY into the other. */

import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { CartoError, NotFoundError } from "../CartoError.ts"
import * as Literal from "../Literal.ts"
import { type TableDump, type TableDumpColumn, TableStructure } from "../TableDump.ts"
import type { Visualization } from "../Visualization.ts"
import { as, type Database, run } from "./database.ts"
import * as Catalog from "./datasetCatalog.ts"
import { mustBeFree } from "./datasetMerge.ts"
import { isNoRows } from "./noRows.ts"
import { refuse } from "./refuse.ts"
import { needsToCreate, settled, stagingTable } from "./stagingTable.ts"
import { tableName } from "./tableName.ts"

const Answer = Schema.Struct({ structure: TableStructure })

export const dump = Effect.fnUntraced(function* (database: Database, operation: string, dataset: Visualization) {
  const table = ownTable(dataset)
  const { rows } = yield* Effect.mapError(
    database.sql.query(Answer)(database.sql.unsafe(Catalog.structure(table))),
    as(operation)
  )
  if (rows[0] === undefined) {
    return yield* new CartoError({
      operation,
      reason: new NotFoundError({ status: 404, message: `there is no table ${JSON.stringify(dataset.name)}` })
    })
  }
  const { structure } = rows[0]
  const names = namesOf(copied(structure))
  // COPY takes tables by their names, and views as queries.
  const source = structure.isTable ? `${table} (${names})` : `(select ${names} from ${table})`
  const found: TableDump = {
    structure,
    dataset,
    rows: database.copy.toStatement(`COPY ${source} TO STDOUT`).pipe(Stream.mapError(as(operation)))
  }
  return found
})

/** A dataset that is shared with the account has its owner's schema before it, always quoted. */
const ownTable = ({ name, table }: Visualization): string =>
  table?.name.startsWith('"') === true && table.name.endsWith(`.${name}`)
    ? `${table.name.slice(0, -name.length)}${Literal.identifier(name)}`
    : Literal.identifier(name)

const copied = ({ columns }: TableStructure) => columns.filter(({ isGenerated }) => !isGenerated)

const namesOf = (columns: ReadonlyArray<TableDumpColumn>): string =>
  columns.map(({ name }) => Literal.identifier(name)).join(", ")

/**
 * Gives the name of the table. The rows are collected in a staging table, which becomes the dataset in one transaction,
 * once as many have arrived as were sent.
 */
export const restore = (
  database: Database,
  operation: string,
  newName: string,
  { rows, structure }: TableDump
): Effect.Effect<string, CartoError> =>
  Effect.scoped(
    Effect.gen(function* () {
      const { name, quoted, schema } = yield* tableName(operation, newName)
      if (schema !== undefined) {
        return yield* refuse(operation, "the new dataset cannot be of another user", "Give a name without a schema.")
      }
      yield* mustBeFree(database, operation, name, quoted)
      const staging = yield* stagingTable(database.sql)
      const columns = structure.columns.map((column) => `${Literal.identifier(column.name)} ${column.definition}`)
      yield* Effect.mapError(
        run(database, operation, `create table ${staging.name} (${columns.join(", ")})`),
        needsToCreate
      )
      let sent = 0
      const counted = Stream.tap(
        Stream.suspend(() => {
          sent = 0
          return rows
        }),
        (chunk) =>
          Effect.sync(() => {
            sent += linesIn(chunk)
          })
      )
      yield* database.copy
        .fromStatement(`COPY ${staging.name} (${namesOf(copied(structure))}) FROM STDIN`, counted)
        .pipe(
          Effect.asVoid,
          Effect.catchIf(isNoRows, () => Effect.void),
          Effect.mapError(as(operation))
        )
      const become = statements(staging.name, name, structure, sent).join(";\n")
      yield* settled(database.sql, staging, run(database, operation, become))
      return name
    })
  )

/** Line breaks inside of values are escaped in COPY text, so that each line is a row. */
const linesIn = (chunk: Uint8Array): number => {
  let lines = 0
  for (let at = chunk.indexOf(10); at >= 0; at = chunk.indexOf(10, at + 1)) lines++
  return lines
}

const statements = (
  staging: string,
  name: string,
  { columns, comment, constraints, indexes }: TableStructure,
  sent: number
): ReadonlyArray<string> => {
  const table = Literal.identifier(name)
  return [
    `do $carto$ declare arrived bigint := (select count(*) from ${staging}); begin
  if arrived <> ${sent} then raise exception '% of ${sent} rows arrived', arrived; end if;
end $carto$`,
    `alter table ${staging} rename to ${table}`,
    ...columns.flatMap((column) => numbering(name, column)),
    ...columns.flatMap((column) =>
      column.default === null || column.isGenerated
        ? []
        : [`alter table ${table} alter ${Literal.identifier(column.name)} set default ${column.default}`]
    ),
    ...constraints.map((definition) => `alter table ${table} add ${definition}`),
    ...indexes.map(({ isUnique, method }) => `create ${isUnique ? "unique " : ""}index on ${table} using ${method}`),
    ...(comment === null ? [] : [`comment on table ${table} is ${Literal.encodeUnsafe(comment)}`]),
    ...columns.flatMap(({ comment, name }) =>
      comment === null
        ? []
        : [`comment on column ${table}.${Literal.identifier(name)} is ${Literal.encodeUnsafe(comment)}`]
    ),
    `select CDB_CartodbfyTable(current_schema()::text, ${Literal.encodeUnsafe(table)}::regclass)`
  ]
}

/** A sequence of the table's own, which goes on behind its largest number. */
const numbering = (table: string, { isSerial, name }: TableDumpColumn): ReadonlyArray<string> => {
  if (!isSerial) return []
  const [of, column] = [Literal.identifier(table), Literal.identifier(name)]
  const sequence = Literal.identifier(sequenceName(table, name))
  return [
    `create sequence ${sequence} owned by ${of}.${column}`,
    `alter table ${of} alter ${column} set default nextval(${Literal.encodeUnsafe(sequence)}::regclass)`,
    `select setval(${Literal.encodeUnsafe(sequence)}::regclass, coalesce(max(${column}), 1), max(${column}) is not null) from ${of}`
  ]
}

/** PostgreSQL's name for it, where it need not cut more than the table's. */
const sequenceName = (table: string, column: string): string => {
  const ending = `_${column}_seq`
  const letters = [...table]
  const size = () => new TextEncoder().encode(`${letters.join("")}${ending}`).length
  while (letters.length > 0 && size() > 63) letters.pop()
  return `${letters.join("")}${ending}`
}
