/** Rows of a JSON answer as exact values: what JSON may have rounded is read again as text, or told. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import { CartoError, ProtocolError } from "../CartoError.ts"
import * as Literal from "../Literal.ts"
import { PgTypeError } from "../PgTypeError.ts"
import * as PgTypes from "../PgTypes.ts"
import { decodeInPlace } from "./rowFunction.ts"
import { isSameName } from "./sameName.ts"
import type { Answer } from "./sqlAnswer.ts"
import type { Plan } from "./sqlPlan.ts"

type Rows = ReadonlyArray<Record<string, unknown>>

/** Rounding of these shows: a whole number beyond 2^53 is refused by its decoder. */
const showsRounding = (pgtype: string): boolean => pgtype === "int8" || pgtype === "_int8"

/** A query around a query that gives some of its columns as PostgreSQL's exact text. */
export const withText = (
  query: string,
  columns: ReadonlyArray<PgTypes.Column>,
  asText: (pgtype: string) => boolean
) => {
  const list = columns.map(({ name, pgtype }) => {
    const identifier = Literal.identifier(name)
    return asText(pgtype) ? `${identifier}::text as ${identifier}` : identifier
  })
  // The line break ends a comment that the query may end with.
  return `select ${list.join(", ")} from (${query}\n) as "_carto"`
}

/** Decodes, in place, the columns that `withText` turned into text. */
export const decodeTexts = (columns: ReadonlyArray<PgTypes.Column>, asText: (pgtype: string) => boolean) => {
  const decode = decodeInPlace(
    columns
      .filter(({ pgtype }) => asText(pgtype))
      .map(({ name, pgtype }) => {
        const fromText = PgTypes.fromText(pgtype, name)
        return { name, keepsNumbers: false, decode: (value) => (typeof value === "string" ? fromText(value) : value) }
      })
  )
  return (rows: Rows): Rows => {
    rows.forEach(decode)
    return rows
  }
}

/** Runs a decoder of `PgTypes`, whose only failure is `PgTypeError`. */
export const decoding = <A>(operation: string, decode: () => A): Result.Result<A, CartoError> =>
  Result.try({
    try: decode,
    catch: (error) => {
      if (!(error instanceof PgTypeError)) throw error
      return new CartoError({ operation, reason: new ProtocolError({ status: 200, message: error.message, body: "" }) })
    }
  })

/** What `withText` makes text so that JSON carries it exactly. */
export const isInexact = (pgtype: string): boolean => !PgTypes.isExactInJson(pgtype)

/** Decodes, in place, rows of `withText` with `isInexact`; `fields` are those of the query inside. */
export const decodeExact = (fields: PgTypes.Fields): ((rows: Rows) => Rows) => {
  const others = PgTypes.rowsFromJson(
    Object.fromEntries(Object.entries(fields).filter(([, field]) => !isInexact(PgTypes.pgtypeOf(field))))
  )
  const texts = decodeTexts(PgTypes.columns(fields), isInexact)
  return (rows) => texts(others(rows))
}

export interface Exact {
  readonly rows: Rows
  /** Columns whose values the server's JSON may have rounded: told only where they could not be read again. */
  readonly inexact: ReadonlyArray<string>
}

/**
 * A query that can be run twice is read again with those columns as text. Anything else has been done already, so
 * that its values are given as they came and the columns are named, in the result and in a warning.
 */
export const exactRows = Effect.fnUntraced(function* (
  operation: string,
  plan: Plan,
  answer: Answer,
  options: {
    readonly exact: boolean
    readonly runAgain: (text: string) => Effect.Effect<Answer, CartoError>
  }
): Effect.fn.Return<Exact, CartoError> {
  const { fields, rows } = answer
  const columns = PgTypes.columns(fields)
  const doubtful = columns
    .filter(({ name, pgtype }) => isInexact(pgtype) && !showsRounding(pgtype) && rows.some((row) => row[name] != null))
    .map(({ name }) => name)
  const { query } = plan
  const asTheyCame = Effect.suspend(() =>
    Effect.fromResult(decoding(operation, () => PgTypes.rowsFromJson(fields)(rows)))
  )
  const named = Effect.flatMap(asTheyCame, (rows) =>
    Effect.as(
      options.exact && doubtful.length > 0 ? Effect.logWarning(inexactAdvice(operation, doubtful)) : Effect.void,
      { rows, inexact: doubtful }
    )
  )
  if (query === undefined || !plan.isRepeatable || !options.exact) return yield* named

  if (doubtful.length === 0) {
    const decoded = yield* Effect.result(asTheyCame)
    if (Result.isSuccess(decoded)) return { rows: decoded.success, inexact: [] }
  }
  const again = yield* Effect.result(options.runAgain(withText(query, columns, isInexact)))
  if (Result.isFailure(again)) return yield* isSameName(again.failure) ? named : again.failure
  return yield* Effect.fromResult(
    decoding(operation, () => ({ rows: decodeExact(fields)(again.success.rows), inexact: [] }))
  )
})

const inexactAdvice = (operation: string, columns: ReadonlyArray<string>): string =>
  `${operation}: JSON may have rounded ${columns.join(", ")}; cast to text to get every digit`
