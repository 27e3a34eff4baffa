/** A new dataset out of several sources of one structure. */
import * as Effect from "effect/Effect"
import type { CartoError } from "../CartoError.ts"
import type { DatasetRows } from "../DatasetRows.ts"
import * as Literal from "../Literal.ts"
import { as, type Database, run } from "./database.ts"
import { compareParts, geometry, id, type Loader, mercator, partsOf } from "./datasetParts.ts"
import { refuse } from "./refuse.ts"
import { needsToCreate, settled, stagingTable } from "./stagingTable.ts"
import { tableName } from "./tableName.ts"

/** Gives the table's name. The rows are collected in a staging table, which then becomes the dataset in one transaction. */
export const merge = <E, R>(
  loader: Loader,
  operation: string,
  newName: string,
  rows: ReadonlyArray<DatasetRows<E, R>>
): Effect.Effect<string, E | CartoError, R> =>
  Effect.scoped(
    Effect.gen(function* () {
      const { name, schema } = yield* tableName(operation, newName)
      if (schema !== undefined) {
        return yield* refuse(operation, "the new dataset cannot be of another user", "Give a name without a schema.")
      }
      const quoted = Literal.identifier(name)
      yield* mustBeFree(loader, operation, name, quoted)
      const parts = (yield* Effect.forEach(rows, (source) => partsOf(loader, operation, source))).flat()
      const shape = parts.find(({ from }) => from !== undefined)
      if (shape === undefined) {
        return yield* refuse(
          operation,
          "none of the sources tells the types of its columns",
          "Import one of the files with DatasetRows.imported, or name a table or query of the same structure."
        )
      }
      // Each row gets a number of its own; the projected geometry is made of the other one.
      const columns = shape.columns.filter(
        (column) => column !== id && !(column === mercator && shape.columns.includes(geometry))
      )
      const all = parts.map((part) => ({
        part,
        columns:
          part.from === undefined ? part.columns : part.columns.filter((one) => columns.includes(one) || !isAdded(one))
      }))
      for (const one of all) yield* compareParts(operation, columns, one.columns)

      const staging = yield* stagingTable(loader.sql)
      const names = columns.map(Literal.identifier).join(", ")
      yield* Effect.mapError(
        run(loader, operation, `create table ${staging.name} as select ${names} from ${shape.from} limit 0`),
        needsToCreate
      )
      for (const { columns, part } of all) yield* part.load(part.step(staging.name, columns))
      const become = [
        `alter table ${staging.name} rename to ${quoted}`,
        `select CDB_CartodbfyTable(current_schema()::text, ${Literal.encodeUnsafe(quoted)}::regclass)`
      ]
      yield* settled(loader.sql, staging, run(loader, operation, become.join(";\n")))
      return name
    })
  )

/** Told before anything is loaded: the last step would fail with it. Tables of that name in other schemas do not matter. */
export const mustBeFree = ({ sql }: Database, operation: string, name: string, quoted: string) =>
  sql
    .query()(
      sql.unsafe(
        `select 1 as taken where to_regclass(quote_ident(current_schema()) || ${Literal.encodeUnsafe(`.${quoted}`)}) is not null`
      )
    )
    .pipe(
      Effect.mapError(as(operation)),
      Effect.flatMap(({ rows }) =>
        rows.length === 0
          ? Effect.void
          : Effect.fail(
              refuse(
                operation,
                `there is a table ${JSON.stringify(name)} already`,
                "Choose another name, or append the rows to it."
              )
            )
      )
    )

const isAdded = (column: string): boolean => column === id || column === mercator
