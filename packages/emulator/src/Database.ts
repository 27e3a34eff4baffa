/** The PostgreSQL below the emulator: one contract, kept by PGlite with PostGIS and by a real PostgreSQL. */
import * as Context from "effect/Context"
import type * as Duration from "effect/Duration"
import type * as Effect from "effect/Effect"
import * as Schema from "effect/Schema"
import type * as Stream from "effect/Stream"

/** A column of a result, as PostgreSQL's RowDescription tells it. */
export interface Field {
  readonly name: string
  readonly typeOid: number
  /** -1 when the type is unconstrained. */
  readonly typeModifier: number
}

/** What PostgreSQL says while it runs a simple query, in its own order. */
export type Message =
  | { readonly _tag: "RowDescription"; readonly fields: ReadonlyArray<Field> }
  /** Cells in PostgreSQL's text form; `null` is SQL NULL. */
  | { readonly _tag: "DataRow"; readonly cells: ReadonlyArray<string | null> }
  /** A piece of COPY TO STDOUT. Pieces may be joined rows; their borders mean nothing. */
  | { readonly _tag: "CopyData"; readonly bytes: Uint8Array }
  /** `INSERT 0 3`, `SELECT 1`, `CREATE TABLE`, `COPY 5`. */
  | { readonly _tag: "CommandComplete"; readonly tag: string }
  | { readonly _tag: "Notice"; readonly severity: string; readonly message: string }

/** An ERROR or FATAL of PostgreSQL, or the loss of the database itself: `57P02` and `08006`; it comes back by itself. */
export class DatabaseError extends Schema.TaggedError<DatabaseError>("carto-emulator/DatabaseError")("DatabaseError", {
  /** SQLSTATE, five characters. `57014` is a statement timeout or a cancel. */
  code: Schema.String,
  message: Schema.String,
  detail: Schema.optionalKey(Schema.String),
  hint: Schema.optionalKey(Schema.String)
}) {}

export interface RunOptions {
  /** The PostgreSQL role whose rights apply; SQL text cannot escape from it. Without it the superuser runs. */
  readonly role?: string | undefined
  /** Where names without a schema are looked for before `public`: the schema of a member of an organization. */
  readonly schema?: string | undefined
  /** For the whole text, from when it gets its turn. */
  readonly statementTimeout?: Duration.Input | undefined
  /** The data of COPY FROM STDIN. A failure of this stream aborts the COPY and rolls back. */
  readonly input?: Stream.Stream<Uint8Array, unknown> | undefined
}

export class Database extends Context.Service<
  Database,
  {
    /**
     * Runs a simple query (one or several statements, one implicit transaction) in a clean session.
     *
     * Messages stream with back-pressure. An error of PostgreSQL fails the stream after the messages sent before it.
     * Interruption, also by a reader that stops early, cancels the statement in PostgreSQL and rolls back.
     * On PGlite there is one session: while a stream is read, every other `run` waits.
     * A transaction that the text leaves open is rolled back.
     */
    readonly run: (sql: string, options?: RunOptions) => Stream.Stream<Message, DatabaseError>
    /** Collects all rows of `run` as objects of text cells: for the emulator's own small questions. */
    readonly rows: (
      sql: string,
      options?: RunOptions
    ) => Effect.Effect<ReadonlyArray<Readonly<Record<string, string | null>>>, DatabaseError>
    /**
     * `pg_type.typname` of an OID, such as `int4`, `_text`, `geometry`; safe to ask while a `run` is read.
     *
     * Undefined for a type that the same statements have just made.
     */
    readonly typeName: (oid: number) => Effect.Effect<string | undefined, DatabaseError>
    /** The database's name, as it stands in `X-Cache-Channel`. */
    readonly name: string
  }
>()("carto-emulator/Database") {}
