/** `/api/v2/sql`: runs a statement and answers in one of the formats. */
import * as Clock from "effect/Clock"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Option from "effect/Option"
import * as Stream from "effect/Stream"
import { ApiError, badRequest } from "../ApiError.ts"
import { Database } from "../Database.ts"
import { type Format, type FormatOptions, started } from "../formats/Format.ts"
import { readTypeCatalog, type TypeCatalog } from "../formats/TypeCatalog.ts"
import { cacheHeaders, httpDate, queryTables } from "../QueryTables.ts"
import { copyDirection, statements } from "../SqlText.ts"
import { accountRoute } from "./accountRoute.ts"
import { answer } from "./answer.ts"
import { addHeaders, type Exchange, endpoint, servedByDatabase } from "./endpoint.ts"
import { type SqlRequest, sqlRequest } from "./sqlRequest.ts"

export interface SqlOptions {
  /** Statements that take longer answer 429 with `detail: "datasource"`. None unless told. */
  readonly statementTimeout?: Duration.Input | undefined
}

const forbidSystemTables = (exchange: Exchange, tables: ReadonlyArray<{ readonly name: string }>) =>
  exchange.key.type !== "master" && tables.some(({ name }) => name.startsWith("pg_"))
    ? Effect.fail(new ApiError({ status: 403, message: "system tables are forbidden" }))
    : Effect.void

const disposition = ({ attachment, filename, format }: SqlRequest, now: number): string =>
  `${attachment ? "attachment" : "inline"}; filename=${filename}.${format.extension}; modification-date="${httpDate(now)}";`

const bracket =
  (format: Format, callback: string | undefined) => (bytes: Stream.Stream<Uint8Array, ApiError> | undefined) => {
    if (bytes === undefined || callback === undefined || !format.jsonp) return bytes
    const encoder = new TextEncoder()
    return Stream.concat(
      Stream.concat(Stream.make(encoder.encode(`${callback}(`)), bytes),
      Stream.make(encoder.encode(")"))
    )
  }

/** Runs a checked request. Refusals carry the headers of the query that was refused. */
const run = (catalog: TypeCatalog, options: SqlOptions) =>
  Effect.fnUntraced(function* (exchange: Exchange) {
    const database = yield* Database
    const clock = yield* Clock.Clock
    const asked = yield* sqlRequest(exchange.params)
    const { callback, filename, format, pagedSql, skip, dp, sql } = asked

    const tables = yield* queryTables(sql)
    yield* forbidSystemTables(
      exchange,
      Option.getOrElse(tables, () => [])
    )
    const now = clock.currentTimeMillisUnsafe()
    yield* addHeaders({
      ...servedByDatabase,
      ...cacheHeaders({ sql, tables, now, persist: asked.persist, database: database.name })
    })
    if (statements(sql).some((statement) => copyDirection(statement) === "from")) {
      return yield* badRequest("COPY from stdin failed: No source stream defined")
    }

    const formatOptions: FormatOptions = {
      catalog,
      skip,
      dp,
      filename,
      elapsed: () => clock.currentTimeMillisUnsafe() - now
    }
    const messages = database.run(format.statement(pagedSql, formatOptions), {
      role: exchange.key.role,
      statementTimeout: options.statementTimeout
    })
    const bytes = yield* started(format.encode(messages, formatOptions))
    return yield* answer(exchange.request, bracket(format, callback)(bytes), {
      whole: format.whole,
      contentType: format.contentType,
      headers: { "content-disposition": disposition(asked, now) }
    })
  })

/** The routes of the SQL API's queries: every method runs the statement. */
export const routes = (options: SqlOptions) =>
  Layer.unwrap(
    Effect.map(readTypeCatalog, (catalog) =>
      accountRoute("*", "sql", endpoint({ group: "query", body: "parameters" }, run(catalog, options)))
    )
  )
