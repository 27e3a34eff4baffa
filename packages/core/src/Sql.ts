/** The SQL API, `/api/v2/sql`: statements, typed rows, streams of rows, exports (SQL reference, §6). */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Stream from "effect/Stream"
import * as SqlClient from "effect/sql/SqlClient"
import type * as Statement from "effect/sql/Statement"
import { CartoClient } from "./CartoClient.ts"
import type { CartoError } from "./CartoError.ts"
import { path } from "./internal/path.ts"
import { isRowSchema, nonEmptyRowsDecoder, type RowSchema, rowsDecoder } from "./internal/rowSchema.ts"
import { type Answer, readAnswer } from "./internal/sqlAnswer.ts"
import * as SqlClients from "./internal/sqlClient.ts"
import { textOf } from "./internal/sqlCompiler.ts"
import { exportBytes } from "./internal/sqlExport.ts"
import type { Told } from "./internal/sqlMetadata.ts"
import { type Plan, plan } from "./internal/sqlPlan.ts"
import { repeatOptions, sqlRequest } from "./internal/sqlRequest.ts"
import { exactRows } from "./internal/sqlRows.ts"
import { rowStream } from "./internal/sqlStream.ts"
import type * as PgTypes from "./PgTypes.ts"

/** A row as `PgTypes` decodes it: int8 as bigint, numeric as decimal text, instants, geometries. */
export type Row = Readonly<Record<string, unknown>>

/** Takes a statement as a template, whose values become literals, or as a fragment of effect's `SqlClient`. */
export interface Tag<A> {
  (strings: TemplateStringsArray, ...values: ReadonlyArray<unknown>): A
  (statement: Statement.Fragment): A
}

export interface QueryOptions {
  /** Default POST, which has no limit of length. GET can be answered by a cache, and must stay below 7 KB. */
  readonly method?: "GET" | "POST" | undefined
  /** Columns the server leaves out. */
  readonly skipFields?: ReadonlyArray<string> | undefined
  /** With `page`: a LIMIT around a SELECT. OFFSET makes every page dearer than the last; `stream` does not. */
  readonly rowsPerPage?: number | undefined
  /** From 0. */
  readonly page?: number | undefined
  readonly orderBy?: string | undefined
  readonly sortOrder?: "asc" | "desc" | undefined
  /** `persist` lets caches keep the answer for a year. */
  readonly cachePolicy?: "persist" | undefined
  /**
   * JSON rounds numeric and long int8 values and drops fractions of seconds. By default a query that has such columns
   * is sent a second time with them as text; `false` saves that request and names the columns in `inexact`.
   */
  readonly exact?: boolean | undefined
  readonly readOnly?: boolean | undefined
}

export interface StreamOptions {
  /** `copy` is exact for every type and runs for hours; `json` has the statement timeout of a query. Default `copy`. */
  readonly via?: "copy" | "json" | undefined
}

/** Formats the SQL API writes (SQL reference, §6.5). */
export type ExportFormat =
  | "csv"
  | "geojson"
  | "topojson"
  | "svg"
  | "kml"
  | "shp"
  | "gpkg"
  | "spatialite"
  | "arraybuffer"
  | "json"

export interface ExportOptions {
  /** Also the name of the layer, or of the files in a zipped Shapefile. */
  readonly filename?: string | undefined
  readonly skipFields?: ReadonlyArray<string> | undefined
  /** Decimals of coordinates in GeoJSON, TopoJSON and SVG; the server's default is 6. */
  readonly decimals?: number | undefined
}

/** What a statement without rows told. */
export type ExecuteResult = Told

export interface QueryResult<A> extends Told {
  readonly rows: ReadonlyArray<A>
  /** Columns of the last statement. */
  readonly fields: PgTypes.Fields
  /** Columns whose values JSON may have rounded. Always empty for a query that could be read again as text. */
  readonly inexact: ReadonlyArray<string>
}

export interface SqlOptions {
  /** Refuse every statement that writes. It reads the text: what a function does, only the key's grants can stop. */
  readonly readOnly?: boolean | undefined
  /** Servers treat all versions alike. Default `v2`. */
  readonly apiVersion?: "v1" | "v2" | undefined
}

export class Sql extends Context.Service<
  Sql,
  {
    /** Runs a statement and gives all its rows. */
    readonly query: {
      (options?: QueryOptions): Tag<Effect.Effect<QueryResult<Row>, CartoError>>
      <S extends RowSchema>(
        schema: S,
        options?: QueryOptions
      ): Tag<Effect.Effect<QueryResult<S["Type"]>, CartoError, S["DecodingServices"]>>
    }
    /** Rows of a query as they arrive, in constant memory. Asks for the columns' types first. */
    readonly stream: {
      (options?: StreamOptions): Tag<Stream.Stream<Row, CartoError>>
      <S extends RowSchema>(
        schema: S,
        options?: StreamOptions
      ): Tag<Stream.Stream<S["Type"], CartoError, S["DecodingServices"]>>
    }
    /** Runs a statement for its effect. */
    readonly execute: Tag<Effect.Effect<ExecuteResult, CartoError>>
    /** Runs statements in one request: all or none is done. The counts are those of the last one. */
    readonly transaction: (statements: ReadonlyArray<Statement.Fragment>) => Effect.Effect<ExecuteResult, CartoError>
    /** The lines of PostgreSQL's plan. With `analyze` the statement really runs. */
    readonly explain: (options?: {
      readonly analyze?: boolean | undefined
    }) => Tag<Effect.Effect<ReadonlyArray<string>, CartoError>>
    /** A query's result as a file of the server, byte by byte. The name of a `shp` export's file ends in `.zip`. */
    readonly export: (format: ExportFormat, options?: ExportOptions) => Tag<Stream.Stream<Uint8Array, CartoError>>
    /** Text as a statement. Nothing in it is quoted. */
    readonly unsafe: (text: string) => Statement.Fragment
  }
>()("carto/Sql") {
  /** Also provides effect's own `SqlClient`, so that SqlSchema, SqlModel, SqlResolver and its stream work on CARTO. */
  static readonly layer = (options?: SqlOptions): Layer.Layer<Sql | SqlClient.SqlClient, never, CartoClient> =>
    Layer.effectContext(make(options ?? {}))
}

const make = Effect.fnUntraced(function* (settings: SqlOptions) {
  const carto = yield* CartoClient
  const api = path`/api/${settings.apiVersion ?? "v2"}/sql`

  const planned = (operation: string, text: string, readOnly?: boolean): Effect.Effect<Plan, CartoError> =>
    Effect.suspend(() => Effect.fromResult(plan(operation, text, { readOnly: settings.readOnly || readOnly })))

  const run = (operation: string, of: Plan, options: QueryOptions, text = of.text): Effect.Effect<Answer, CartoError> =>
    Effect.flatMap(
      carto.text(
        operation,
        sqlRequest(api, options.method ?? "POST", {
          q: text,
          skipfields: options.skipFields?.join(","),
          rows_per_page: options.rowsPerPage,
          page: options.page,
          order_by: options.orderBy,
          sort_order: options.sortOrder,
          cache_policy: options.cachePolicy
        }),
        repeatOptions("query", of)
      ),
      (body) => Effect.fromResult(readAnswer(operation, body, carto.clean))
    )

  const query = Effect.fn("Sql.query")(function* (text: string, options: QueryOptions = {}) {
    const of = yield* planned("Sql.query", text, options.readOnly)
    const answer = yield* run("Sql.query", of, options)
    const { rows, inexact } = yield* exactRows("Sql.query", of, answer, {
      exact: options.exact ?? true,
      runAgain: (text) => run("Sql.query", of, options, text)
    })
    return { ...answer, rows, inexact }
  })

  const execute = (operation: string, text: string) =>
    Effect.flatMap(planned(operation, text), (of) =>
      Effect.map(
        run(operation, of, {}),
        ({ notices, time, totalRows, warnings }): ExecuteResult => ({ notices, time, totalRows, warnings })
      )
    ).pipe(Effect.withSpan(operation))

  const stream = (text: string, options: StreamOptions = {}): Stream.Stream<Record<string, unknown>, CartoError> =>
    Stream.unwrap(
      Effect.map(planned("Sql.stream", text), (of) =>
        rowStream(
          { carto, path: api, describe: (text) => Effect.map(run("Sql.stream", of, {}, text), ({ fields }) => fields) },
          of,
          options.via ?? "copy"
        )
      )
    ).pipe(Stream.withSpan("Sql.stream"))

  const exported = (
    text: string,
    format: ExportFormat,
    options: ExportOptions
  ): Stream.Stream<Uint8Array, CartoError> =>
    Stream.unwrap(
      Effect.flatMap(planned("Sql.export", text), (of) =>
        exportBytes(
          carto,
          sqlRequest(api, "POST", {
            q: of.text,
            format,
            filename: options.filename,
            skipfields: options.skipFields?.join(","),
            dp: options.decimals
          }),
          of,
          format
        )
      )
    ).pipe(Stream.withSpan("Sql.export"))

  const client = yield* SqlClients.make({ query, stream, baseUrl: carto.account.baseUrl })

  /** A statement's text from either form of a tag. */
  const tag =
    <A>(use: (text: string) => A): Tag<A> =>
    (first: TemplateStringsArray | Statement.Fragment, ...values: ReadonlyArray<unknown>): A =>
      use(textOf("segments" in first ? first : client(first, ...values)))

  function querying(options?: QueryOptions): Tag<Effect.Effect<QueryResult<Row>, CartoError>>
  function querying<S extends RowSchema>(
    schema: S,
    options?: QueryOptions
  ): Tag<Effect.Effect<QueryResult<S["Type"]>, CartoError, S["DecodingServices"]>>
  function querying(first?: RowSchema | QueryOptions, second?: QueryOptions) {
    if (!isRowSchema(first)) return tag((text) => query(text, first))
    const decode = rowsDecoder("Sql.query", first)
    return tag((text) =>
      Effect.flatMap(query(text, second), (result) => Effect.map(decode(result.rows), (rows) => ({ ...result, rows })))
    )
  }

  function streaming(options?: StreamOptions): Tag<Stream.Stream<Row, CartoError>>
  function streaming<S extends RowSchema>(
    schema: S,
    options?: StreamOptions
  ): Tag<Stream.Stream<S["Type"], CartoError, S["DecodingServices"]>>
  function streaming(first?: RowSchema | StreamOptions, second?: StreamOptions) {
    if (!isRowSchema(first)) return tag((text) => stream(text, first))
    const decode = nonEmptyRowsDecoder("Sql.stream", first)
    return tag((text) => Stream.mapArrayEffect(stream(text, second), decode))
  }

  const sql = Sql.of({
    query: querying,
    stream: streaming,
    execute: tag((text) => execute("Sql.execute", text)),
    transaction: (statements) => execute("Sql.transaction", statements.map(textOf).join(";\n")),
    explain: (options) =>
      tag((text) =>
        Effect.map(query(`EXPLAIN ${options?.analyze === true ? "ANALYZE " : ""}${text}`), ({ rows }) =>
          rows.map((row) => String(row["QUERY PLAN"]))
        )
      ),
    export: (format, options) => tag((text) => exported(text, format, options ?? {})),
    unsafe: (text) => client.unsafe(text)
  })
  return Context.make(Sql, sql).pipe(Context.add(SqlClient.SqlClient, client))
})
