/** COPY in and out, `/api/v2/sql/copyfrom` and `/copyto`, as streams (SQL reference, §8). */
import * as Context from "effect/Context"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as HttpBody from "effect/http/HttpBody"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as Layer from "effect/Layer"
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import type * as Statement from "effect/sql/Statement"
import { CartoClient } from "./CartoClient.ts"
import type { CartoError } from "./CartoError.ts"
import { type Count, counted, type OnProgress } from "./CopyProgress.ts"
import * as CopyText from "./CopyText.ts"
import { Gzip } from "./Gzip.ts"
import { type CopyEnd, copyEnd } from "./internal/copyEnd.ts"
import { type CopyFormat, copyOptions, copyTarget } from "./internal/copyStatement.ts"
import { copyTo } from "./internal/copyTo.ts"
import { path } from "./internal/path.ts"
import { refuse } from "./internal/refuse.ts"
import { textOf } from "./internal/sqlCompiler.ts"
import { plan } from "./internal/sqlPlan.ts"
import { uploading } from "./internal/uploading.ts"
import { LiteralError } from "./LiteralError.ts"
import * as SqlText from "./SqlText.ts"

interface Observed {
  readonly onProgress?: OnProgress | undefined
}

export interface CopyFromStatementOptions extends Observed {
  /** Default `auto`: gzip, but not to this machine, where it costs more than it saves. */
  readonly compression?: "auto" | "gzip" | "none" | undefined
  /** From 1, fast, to 9, small. Default 1. */
  readonly level?: number | undefined
  /**
   * Whether the source can be run a second time. A rate limit, which is told before the data is read, is then waited
   * for. With `false`, as for standard input, it is waited for only while nothing of the source was taken.
   */
  readonly replayable?: boolean | undefined
}

export interface CopyFromOptions extends CopyFormat, CopyFromStatementOptions {
  /** In the order of the data. Default all columns of the table. */
  readonly columns?: ReadonlyArray<string> | undefined
}

export interface CopyToOptions extends CopyFormat, Observed {
  readonly columns?: ReadonlyArray<string> | undefined
}

/** All rows are in the table, or, after any failure, none. */
export interface CopyResult {
  readonly rows: number
  /** As the server measured it. */
  readonly time: Duration.Duration
  /** Of the data, before compression. */
  readonly bytes: number
}

export interface SqlCopyOptions {
  /** Refuse to load anything. */
  readonly readOnly?: boolean | undefined
  readonly apiVersion?: "v1" | "v2" | undefined
}

/** What is loaded: a stream, or anything that can be iterated. */
export type Source<A, E = never, R = never> = Stream.Stream<A, E, R> | Iterable<A>

export class SqlCopy extends Context.Service<
  SqlCopy,
  {
    /** Loads bytes into a table, `cities`, `alice.cities`, or `"a.table"` with dots in quotes. */
    readonly from: <E = never, R = never>(
      table: string,
      source: Source<Uint8Array, E, R>,
      options?: CopyFromOptions
    ) => Effect.Effect<CopyResult, CartoError | E, R>
    /** Loads rows, encoded by their schema; the schema's fields are the columns. */
    readonly fromRows: <Fields extends Schema.Struct.Fields, E = never, R = never>(
      table: string,
      schema: Schema.Struct<Fields>,
      rows: Source<Schema.Struct<Fields>["Type"], E, R>,
      options?: CopyFromStatementOptions
    ) => Effect.Effect<CopyResult, CartoError | E, R | Schema.Struct<Fields>["EncodingServices"]>
    /** A whole `COPY … FROM STDIN …`, for what `from` has no option for. */
    readonly fromStatement: <E = never, R = never>(
      statement: string,
      source: Source<Uint8Array, E, R>,
      options?: CopyFromStatementOptions
    ) => Effect.Effect<CopyResult, CartoError | E, R>
    /** The bytes of a table by its name, or of a query. The stream ends well only if the server said it all. */
    readonly to: (source: string | Statement.Fragment, options?: CopyToOptions) => Stream.Stream<Uint8Array, CartoError>
    /** A whole `COPY … TO STDOUT …`. */
    readonly toStatement: (statement: string, options?: Observed) => Stream.Stream<Uint8Array, CartoError>
  }
>()("carto/SqlCopy") {
  static readonly layer = (options?: SqlCopyOptions): Layer.Layer<SqlCopy, never, CartoClient> =>
    Layer.effect(SqlCopy, make(options ?? {}))
}

/** SQL reference, §8.1. */
const Copied = Schema.Struct({ time: Schema.Finite, total_rows: Schema.Int })

const make = Effect.fnUntraced(function* (settings: SqlCopyOptions) {
  const carto = yield* CartoClient
  const api = path`/api/${settings.apiVersion ?? "v2"}/sql`

  /** A single COPY in the right direction: others hang the server or poison its connection (SQL reference, §8.1). */
  const checked = (operation: string, statement: string, direction: "from" | "to") =>
    Result.match(SqlText.copyDirection(statement), {
      onFailure: (error) =>
        Effect.fail(refuse(operation, error.message, "Give one COPY statement, and nothing behind it.")),
      onSuccess: (found) =>
        found === direction
          ? Effect.succeed(statement)
          : Effect.fail(refuse(operation, `this COPY goes ${found.toUpperCase()}`, "Use the method of that direction."))
    })

  const written = (operation: string, write: () => string) =>
    Effect.try({
      try: write,
      catch: (error) => refuse(operation, error instanceof Error ? error.message : String(error), "Use another name.")
    })

  /** The statement that stands in COPY's parentheses; one that writes may stand there too. */
  const planned = Effect.fnUntraced(function* (text: string) {
    const { isRepeatable, single } = yield* Effect.fromResult(plan("SqlCopy.to", text, settings))
    if (single !== undefined) return { isRepeatable, source: `(${single}\n)` }
    return yield* refuse("SqlCopy.to", "COPY takes the rows of exactly one statement", "Copy them one by one.")
  })

  const load = Effect.fnUntraced(function* <E, R>(
    operation: string,
    statement: string,
    source: Stream.Stream<Uint8Array, E, R>,
    options: CopyFromStatementOptions,
    count: Count = { bytes: 0, rows: undefined }
  ) {
    if (settings.readOnly === true) {
      return yield* refuse(operation, "COPY FROM writes, and this client only reads", "Use one that writes.")
    }
    const { compression = "auto", level = 1, onProgress, replayable = true } = options
    const compresses = compression === "gzip" || (compression === "auto" && !carto.account.isLocal)
    const gzip = yield* Gzip
    return yield* uploading(counted(source, count, onProgress), (body) => {
      const request = HttpClientRequest.post(`${api}/copyfrom`, {
        urlParams: { q: statement },
        body: HttpBody.stream(compresses ? gzip({ level })(body) : body, "application/octet-stream")
      })
      return carto.json(
        operation,
        Copied,
        compresses ? HttpClientRequest.setHeader(request, "content-encoding", "gzip") : request,
        {
          group: "copy_from",
          // Behind a lost connection rows may have been committed; a rate limit was told before the data was read.
          mayRepeat: (error) => (replayable || count.bytes === 0) && error.isSurelyUndone
        }
      )
    }).pipe(
      Effect.map((copied) => ({ rows: copied.total_rows, time: Duration.seconds(copied.time), bytes: count.bytes }))
    )
  })

  const fromStatement: SqlCopy["Service"]["fromStatement"] = Effect.fn("SqlCopy.fromStatement")(
    (statement, source, options) =>
      Effect.andThen(
        checked("SqlCopy.fromStatement", statement, "from"),
        load("SqlCopy.fromStatement", statement, asStream(source), options ?? {})
      )
  )

  const unload = (operation: string, statement: string, isRepeatable: boolean, end: CopyEnd, options: Observed) =>
    counted(
      copyTo(carto, operation, api, statement, isRepeatable).pipe(copyEnd(operation, end)),
      { bytes: 0, rows: undefined },
      options.onProgress
    )

  return SqlCopy.of({
    from: Effect.fn("SqlCopy.from")(function* (table, source, options = {}) {
      const statement = yield* written(
        "SqlCopy.from",
        () => `COPY ${copyTarget(table, options.columns)} FROM STDIN ${copyOptions(options)}`
      )
      return yield* load("SqlCopy.from", statement, asStream(source), options)
    }),
    fromRows: Effect.fn("SqlCopy.fromRows")(function* <Fields extends Schema.Struct.Fields, E, R>(
      table: string,
      schema: Schema.Struct<Fields>,
      rows: Source<Schema.Struct<Fields>["Type"], E, R>,
      options: CopyFromStatementOptions = {}
    ) {
      const columns = Object.keys(schema.fields)
      const statement = yield* written("SqlCopy.fromRows", () => `COPY ${copyTarget(table, columns)} FROM STDIN`)
      const encode = Schema.encodeEffect(Schema.NonEmptyArray(schema))
      const count: Count = { bytes: 0, rows: 0 }
      const bytes = asStream(rows).pipe(
        Stream.mapArrayEffect((some) => {
          count.rows = (count.rows ?? 0) + some.length
          return Effect.mapError(encode(some), unwritable)
        }),
        Stream.pipeThroughChannel(CopyText.encode<E | CartoError>(columns)),
        Stream.mapError((error) => (error instanceof LiteralError ? unwritable(error) : error))
      )
      return yield* load("SqlCopy.fromRows", statement, bytes, options, count)
    }),
    fromStatement,
    to: (source, options = {}) =>
      Stream.unwrap(
        Effect.gen(function* () {
          const { isRepeatable, source: from } =
            typeof source === "string"
              ? {
                  isRepeatable: true,
                  source: yield* written("SqlCopy.to", () => copyTarget(source, options.columns))
                }
              : yield* planned(textOf(source))
          const clause = yield* written("SqlCopy.to", () => copyOptions(options))
          return unload("SqlCopy.to", `COPY ${from} TO STDOUT ${clause}`, isRepeatable, endOf(options), options)
        })
      ).pipe(Stream.withSpan("SqlCopy.to")),
    toStatement: (statement, options = {}) =>
      Stream.unwrap(
        Effect.map(checked("SqlCopy.toStatement", statement, "to"), (statement) =>
          unload("SqlCopy.toStatement", statement, false, { of: "unknown", mayBeEmpty: true }, options)
        )
      ).pipe(Stream.withSpan("SqlCopy.toStatement"))
  })
})

const endOf = ({ format = "csv", header = true }: CopyToOptions): CopyEnd =>
  format === "binary" ? { of: "binary", mayBeEmpty: false } : { of: "lines", mayBeEmpty: format === "text" || !header }

const asStream = <A, E, R>(source: Source<A, E, R>): Stream.Stream<A, E, R> =>
  Stream.isStream(source) ? source : Stream.fromIterable(source)

const unwritable = (error: { readonly message: string }) =>
  refuse("SqlCopy.fromRows", error.message, "Correct the row, or the schema; nothing was stored.")
