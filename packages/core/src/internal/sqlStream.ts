/** Rows of a query as they arrive: through COPY in binary form, or through the JSON answer with exact text in it. */
import * as Effect from "effect/Effect"
import * as Result from "effect/Result"
import * as Stream from "effect/Stream"
import type { CartoClient } from "../CartoClient.ts"
import type { CartoError } from "../CartoError.ts"
import * as CopyBinary from "../CopyBinary.ts"
import * as PgTypes from "../PgTypes.ts"
import { toCartoError } from "./copyFailure.ts"
import { copyTo } from "./copyTo.ts"
import { jsonRows } from "./jsonRows.ts"
import { refuse } from "./refuse.ts"
import { explained } from "./sameName.ts"
import type { Plan } from "./sqlPlan.ts"
import { repeatOptions, sqlRequest } from "./sqlRequest.ts"
import { decodeExact, decodeTexts, decoding, isInexact, withText } from "./sqlRows.ts"

type Rows = Stream.Stream<Record<string, unknown>, CartoError>

const operation = "Sql.stream"

const lacksBinary = (pgtype: string): boolean => !PgTypes.hasBinary(pgtype)

export interface RowSource {
  readonly carto: CartoClient["Service"]
  /** The path of the SQL API. */
  readonly path: string
  /** The columns of a query that gives no rows. */
  readonly describe: (text: string) => Effect.Effect<PgTypes.Fields, CartoError>
}

export const rowStream = (source: RowSource, plan: Plan, via: "copy" | "json"): Rows => {
  const { query } = plan
  if (query === undefined) {
    return Stream.fail(
      refuse(operation, "only a single SELECT, VALUES, TABLE or WITH can be streamed", "Use Sql.query for it.")
    )
  }
  return Stream.unwrap(
    Effect.map(source.describe(`select * from (${query}\n) as "_carto" limit 0`), (fields) =>
      Stream.mapError(
        via === "copy" ? throughCopy(source, plan, query, fields) : throughJson(source, plan, query, fields),
        explained
      )
    )
  )
}

/** The decoders work in place. */
const decodeWith =
  (decode: (rows: ReadonlyArray<Record<string, unknown>>) => unknown) =>
  (rows: Rows): Rows =>
    Stream.mapArrayEffect(rows, (some) =>
      Effect.fromResult(
        Result.map(
          decoding(operation, () => decode(some)),
          () => some
        )
      )
    )

const throughCopy = ({ carto, path }: RowSource, plan: Plan, query: string, fields: PgTypes.Fields): Rows => {
  const columns = PgTypes.columns(fields)
  const sent = columns.map(({ name, pgtype }) => ({ name, pgtype: lacksBinary(pgtype) ? "text" : pgtype }))
  const statement = `COPY (${withText(query, columns, lacksBinary)}) TO STDOUT WITH (FORMAT binary)`
  const rows = copyTo(carto, operation, path, statement, plan.isRepeatable).pipe(
    Stream.pipeThroughChannel(CopyBinary.decodeRows(sent)),
    Stream.mapError(toCartoError(operation, carto.clean))
  )
  return columns.some(({ pgtype }) => lacksBinary(pgtype)) ? decodeWith(decodeTexts(columns, lacksBinary))(rows) : rows
}

const throughJson = ({ carto, path }: RowSource, plan: Plan, query: string, fields: PgTypes.Fields): Rows => {
  const columns = PgTypes.columns(fields)
  return Stream.unwrap(
    Effect.map(
      carto.open(
        operation,
        sqlRequest(path, "POST", { q: withText(query, columns, isInexact) }),
        repeatOptions("query", plan)
      ),
      ({ bytes }) => bytes
    )
  ).pipe(
    Stream.pipeThroughChannel(jsonRows()),
    Stream.mapError(toCartoError(operation, carto.clean)),
    decodeWith(decodeExact(fields))
  )
}
