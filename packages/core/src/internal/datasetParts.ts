/** Sources of new rows whose columns are known, and how each gets into a table. */
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import type { CartoError } from "../CartoError.ts"
import type { LoadStep } from "../DatasetLoad.ts"
import type { BytesRows, DatasetRows, ImportedRows } from "../DatasetRows.ts"
import { copyOptions } from "./copyStatement.ts"
import * as CsvHeader from "./csvHeader.ts"
import { as, type Database, run } from "./database.ts"
import { copyInto, fill } from "./datasetSteps.ts"
import { refuse } from "./refuse.ts"
import { plan } from "./sqlPlan.ts"
import { tableName } from "./tableName.ts"

/** What cartodbfying adds to a table; a trigger makes the projected geometry of the other one. */
export const id = "cartodb_id"
export const geometry = "the_geom"
export const mercator = "the_geom_webmercator"

/** What a load needs of its surroundings. */
export interface Loader extends Database {
  /** The tables, quoted, that an import made. They are kept as long as the scope. */
  readonly imported: <E, R>(
    operation: string,
    rows: ImportedRows<E, R>
  ) => Effect.Effect<ReadonlyArray<string>, E | CartoError, R | Scope.Scope>
}

export interface Part<E, R> {
  readonly columns: ReadonlyArray<string>
  /** The table or query, of which some columns can be taken. Bytes come as a whole. */
  readonly from: string | undefined
  readonly step: (table: string, columns: ReadonlyArray<string>) => LoadStep
  /** Sends the step. Gives the number of rows, if it is known. */
  readonly load: (step: LoadStep) => Effect.Effect<number | undefined, E | CartoError, R>
}

/** The columns of a table or query. It works with any key: system tables are closed to all but the master key. */
export const columnsOf = ({ sql }: Database, operation: string, from: string) =>
  sql
    .query()(sql.unsafe(`select * from ${from} limit 0`))
    .pipe(
      Effect.map(({ fields }) => fields),
      Effect.mapError(as(operation))
    )

/** An import is run here; it makes one or more tables. */
export const partsOf = <E, R>(
  loader: Loader,
  operation: string,
  rows: DatasetRows<E, R>
): Effect.Effect<ReadonlyArray<Part<E, R>>, E | CartoError, R | Scope.Scope> =>
  Effect.gen(function* () {
    switch (rows._tag) {
      case "BytesRows":
        return [yield* bytesPart(loader, operation, rows)]
      case "QueryRows": {
        const { query } = yield* Effect.fromResult(plan(operation, rows.query))
        return query === undefined
          ? yield* refuse(operation, "the new rows are not those of one query", "Give a single SELECT.")
          : [yield* queryPart(loader, operation, `(${query}\n) as rows`)]
      }
      case "TableRows":
        return [yield* queryPart(loader, operation, (yield* tableName(operation, rows.table)).quoted)]
      case "ImportedRows":
        return yield* Effect.forEach(yield* loader.imported(operation, rows), (table) =>
          queryPart(loader, operation, table)
        )
    }
  })

const queryPart = (loader: Loader, operation: string, from: string) =>
  Effect.map(
    columnsOf(loader, operation, from),
    (fields): Part<never, never> => ({
      columns: Object.keys(fields),
      from,
      step: (table, columns) => fill(table, columns, from),
      load: ({ sql }) => run(loader, operation, sql)
    })
  )

const bytesPart = Effect.fnUntraced(function* <E, R>(loader: Loader, operation: string, rows: BytesRows<E, R>) {
  const { delimiter = ",", format = "csv", header = true } = rows.options
  const clause = yield* Effect.try({
    try: () => copyOptions(rows.options),
    catch: (error) => refuse(operation, error instanceof Error ? error.message : String(error), "Use another text.")
  })
  const part = (columns: ReadonlyArray<string>, bytes: BytesRows<E, R>["bytes"], replayable?: false): Part<E, R> => ({
    columns,
    from: undefined,
    step: (table, columns) => copyInto(table, columns, clause),
    load: ({ sql }) =>
      loader.copy
        .fromStatement(sql, bytes, { ...rows.options, ...(replayable === undefined ? {} : { replayable }) })
        .pipe(Effect.map(({ rows }): number | undefined => rows))
  })
  if (rows.options.columns !== undefined) return part(rows.options.columns, rows.bytes)
  if (format !== "csv" || !header) {
    return yield* refuse(operation, "this data does not name its columns", "Name them with `columns`, in order.")
  }
  const { columns, data } = yield* CsvHeader.peel(operation, rows.bytes, delimiter)
  return part(columns, data, false)
})

/** Names for people. */
export const list = (names: ReadonlyArray<string>): string => names.map((name) => JSON.stringify(name)).join(", ")

/** Names what differs, not all of a hundred columns. */
export const compareParts = (
  operation: string,
  first: ReadonlyArray<string>,
  other: ReadonlyArray<string>
): Effect.Effect<void, CartoError> => {
  const lacking = first.filter((column) => !other.includes(column))
  const strange = other.filter((column) => !first.includes(column))
  const twice = other.filter((column, i) => other.indexOf(column) < i)
  const differences = [
    ...(lacking.length === 0 ? [] : [`one lacks ${list(lacking)}, which the first has`]),
    ...(strange.length === 0 ? [] : [`one has ${list(strange)}, which the first lacks`]),
    ...(twice.length === 0 ? [] : [`one names ${list(twice)} more than once`])
  ]
  return differences.length === 0
    ? Effect.void
    : Effect.fail(
        refuse(
          operation,
          `the sources have different columns: ${differences.join(", and ")}`,
          "Give sources of one structure."
        )
      )
}
