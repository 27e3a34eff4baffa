/** Brings rows into a table: compares columns, loads a staging table, and moves the rows in one transaction. */

import * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Scope from "effect/Scope"
import type { CartoError } from "../CartoError.ts"
import type { Loaded, LoadMode, LoadOptions, LoadStep } from "../DatasetLoad.ts"
import { columnNames } from "../DatasetNames.ts"
import type { DatasetRows } from "../DatasetRows.ts"
import * as Literal from "../Literal.ts"
import type { Fields } from "../PgTypes.ts"
import { as, type Database, run } from "./database.ts"
import {
  columnsOf,
  compareParts,
  geometry,
  id,
  type Loader,
  list,
  mercator,
  type Part,
  partsOf
} from "./datasetParts.ts"
import * as Steps from "./datasetSteps.ts"
import { isNoRows } from "./noRows.ts"
import { refuse } from "./refuse.ts"
import { needsToCreate, settled, stagingTable } from "./stagingTable.ts"
import { tableName } from "./tableName.ts"

export interface Load<E, R> {
  readonly operation: string
  readonly dataset: string
  readonly rows: DatasetRows<E, R> | ReadonlyArray<DatasetRows<E, R>>
  readonly mode: LoadMode
  readonly options: LoadOptions
}

interface Prepared<E, R> {
  readonly parts: ReadonlyArray<{ readonly part: Part<E, R>; readonly columns: ReadonlyArray<string> }>
  /** One COPY can go straight into the table: it brings all of its rows, or none. */
  readonly isDirect: boolean
  readonly target: string
  readonly move: (staging: string) => Steps.Move
}

const added: ReadonlyArray<string> = [id, geometry, mercator]

type Otherwise = (error: CartoError) => Effect.Effect<number, CartoError>

/** Whether none may take the place of all is for the swap to say. */
const nothing: Otherwise = () => Effect.succeed(0)

/** Loads the rows. After a failure, or interrupted, the table is as it was, and the staging table is gone. */
export const load = <E, R>(loader: Loader, work: Load<E, R>): Effect.Effect<Loaded, E | CartoError, R> =>
  Effect.scoped(
    Effect.gen(function* () {
      const { operation } = work
      const { isDirect, move: moveFrom, parts, target } = yield* prepare(loader, work)
      const fill = (table: string, otherwise: Otherwise = Effect.fail) =>
        Effect.forEach(parts, ({ columns, part }) =>
          Effect.catchIf(part.load(part.step(table, columns)), isNoRows, otherwise)
        )
      if (isDirect) return { rows: sum(yield* fill(target)) }

      const staging = yield* stagingTable(loader.sql)
      const move = moveFrom(staging.name)
      yield* Effect.mapError(run(loader, operation, Steps.stage(move).sql), needsToCreate)
      const rows = sum(yield* work.mode === "replace" ? fill(staging.name, nothing) : fill(staging.name))
      yield* settled(loader.sql, staging, run(loader, operation, Steps.move(move).sql))
      return { rows }
    })
  )

/** The steps of `load`, in order. Of the data only what names the columns is read. */
export const steps = <E, R>(
  loader: Loader,
  work: Load<E, R>
): Effect.Effect<ReadonlyArray<LoadStep>, E | CartoError, R> =>
  Effect.scoped(
    Effect.map(prepare(loader, work), ({ isDirect, move: moveFrom, parts, target }) => {
      if (isDirect) return parts.map(({ columns, part }) => part.step(target, columns))
      const move = moveFrom("carto_staging")
      return [
        Steps.stage(move),
        ...parts.map(({ columns, part }) => part.step(move.staging, columns)),
        Steps.move(move)
      ]
    })
  )

const prepare = <E, R>(
  loader: Loader,
  { dataset, mode, operation, options, rows }: Load<E, R>
): Effect.Effect<Prepared<E, R>, E | CartoError, R | Scope.Scope> =>
  Effect.gen(function* () {
    const { quoted: target } = yield* tableName(operation, dataset)
    const fields = yield* columnsOf(loader, operation, target)
    const sources = isMany(rows) ? rows : [rows]
    const parts = (yield* Effect.forEach(sources, (source) => partsOf(loader, operation, source))).flat()
    const [first] = parts
    if (first === undefined)
      return yield* refuse(operation, "there are no new rows to load", "Give at least one source.")

    const key = Steps.keyOf(mode)
    // Rows that are added, or that come from several sources, get numbers of their own.
    const keepsIds = key.includes(id) || (mode === "replace" && parts.length === 1)
    const all = parts.map((part) => {
      const isMoved = (column: string) => !isLeftOut(column, part.columns, fields, keepsIds)
      const moved = part.columns.filter(isMoved)
      return { part, moved, columns: part.from === undefined ? part.columns : moved }
    })
    const columns = [...new Set(all.flatMap((one) => one.columns))]
    const moved = all[0]?.moved ?? []
    const named = options.allowMissing ?? []
    const asksForGeometry = mode === "replace" && geometry in fields && ![...moved, ...named].includes(geometry)
    const hasNone = asksForGeometry && !(yield* hasGeometry(loader, operation, target))
    const allowMissing = hasNone ? [...named, geometry] : named
    for (const one of all) {
      yield* compare(operation, { ...one, fields, key, mode, allowMissing })
      yield* compareParts(operation, moved, one.moved)
    }
    const serials = yield* serialsOf(
      loader,
      operation,
      target,
      moved.filter((column) => isInteger(fields, column))
    )
    const fitsOneCopy =
      mode === "append" &&
      parts.length === 1 &&
      first.from === undefined &&
      moved.length === columns.length &&
      serials.length === 0
    return {
      parts: all,
      isDirect: fitsOneCopy && !(yield* mayLoseRows(loader, operation, target)),
      target,
      move: (staging) => ({
        target,
        staging,
        columns,
        moved,
        serials,
        mode,
        allowEmpty: options.allowEmpty ?? false
      })
    }
  })

const isMany = <E, R>(
  rows: DatasetRows<E, R> | ReadonlyArray<DatasetRows<E, R>>
): rows is ReadonlyArray<DatasetRows<E, R>> => Array.isArray(rows)

/** A trigger makes the projected geometry of the other one; a plain table has neither. */
const isLeftOut = (column: string, columns: ReadonlyArray<string>, fields: Fields, keepsIds: boolean): boolean =>
  (column === mercator && columns.includes(geometry)) ||
  (column === id && !keepsIds) ||
  (added.includes(column) && !(column in fields))

const isInteger = (fields: Fields, column: string): boolean => /^int[248]$/.test(fields[column]?.pgtype ?? "")

interface Comparison {
  readonly columns: ReadonlyArray<string>
  readonly fields: Fields
  readonly key: ReadonlyArray<string>
  readonly mode: LoadMode
  readonly allowMissing: ReadonlyArray<string>
}

const compare = (
  operation: string,
  { allowMissing, columns, fields, key, mode }: Comparison
): Effect.Effect<void, CartoError> => {
  const fail = (message: string, advice: string) => Effect.fail(refuse(operation, message, advice))
  const known = Object.keys(fields)
  const unknown = columns.filter((column) => !known.includes(column))
  if (unknown.length > 0) {
    return fail(
      `the dataset has no column ${list(unknown)}`,
      `Its columns are ${list(known)}; ${namesake(unknown, known)}`
    )
  }
  const twice = columns.filter((column, i) => columns.indexOf(column) < i)
  if (twice.length > 0) return fail(`the data names ${list(twice)} more than once`, "Name each column once.")
  const keyless = key.filter((column) => !columns.includes(column))
  if (typeof mode !== "string" && (key.length === 0 || keyless.length > 0)) {
    return fail(`the data has no key column ${list(keyless)}`, "Use columns of the data as the key.")
  }
  const missing = known.filter(
    (column) => !columns.includes(column) && column !== id && column !== mercator && !allowMissing.includes(column)
  )
  return mode === "replace" && missing.length > 0
    ? fail(
        `the data lacks ${list(missing)}, which the dataset has`,
        "Add them, or name them in allowMissing to lose them."
      )
    : Effect.void
}

const Known = Schema.Struct({ known: Schema.Boolean })

/** Every dataset has the column; where it holds nothing, data without it takes nothing away. */
const hasGeometry = ({ sql }: Database, operation: string, target: string) =>
  sql
    .query(Known)(sql.unsafe(`select exists (select 1 from ${target} where ${geometry} is not null) as known`))
    .pipe(
      Effect.map(({ rows }) => rows[0]?.known !== false),
      // In a table too large to look through it may.
      Effect.catchIf(
        ({ reason }) => reason._tag === "StatementTimeoutError",
        () => Effect.succeed(true)
      ),
      Effect.mapError(as(operation))
    )

const Serial = Schema.Struct({ name: Schema.String })

/** An import renames columns; who loads the same file again has the names from before. */
const namesake = (unknown: ReadonlyArray<string>, known: ReadonlyArray<string>): string => {
  const become = columnNames(unknown)
  const renamed = unknown.flatMap((column, i) => {
    const name = become[i] ?? column
    return name !== column && known.includes(name) ? [`${JSON.stringify(name)} for ${JSON.stringify(column)}`] : []
  })
  return renamed.length === 0 ? "capitals matter." : `write ${renamed.join(", ")}, as an import does.`
}

const serialsOf = ({ sql }: Database, operation: string, target: string, columns: ReadonlyArray<string>) =>
  columns.length === 0
    ? Effect.succeed([])
    : sql
        .query(Serial)(
          sql.unsafe(
            `select name from (values ${columns.map((column) => `(${Literal.encodeUnsafe(column)})`).join(", ")}) as columns (name) where pg_get_serial_sequence(${Literal.encodeUnsafe(target)}, name) is not null`
          )
        )
        .pipe(
          Effect.map(({ rows }) => rows.map(({ name }) => name)),
          Effect.mapError(as(operation))
        )

/** A COPY takes no notice of rows that a trigger keeps back; the way through the staging table does. */
const mayLoseRows = ({ sql }: Database, operation: string, target: string) =>
  sql.execute(sql.unsafe(Steps.watchTriggers(target))).pipe(
    Effect.as(false),
    Effect.catchIf(
      ({ reason }) => reason._tag === "SqlError" && reason.message === Steps.hasTriggers,
      () => Effect.succeed(true)
    ),
    Effect.mapError(as(operation))
  )

const sum = (counts: ReadonlyArray<number | undefined>): number | undefined =>
  counts.reduce<number | undefined>(
    (total, count) => (total === undefined || count === undefined ? undefined : total + count),
    0
  )
