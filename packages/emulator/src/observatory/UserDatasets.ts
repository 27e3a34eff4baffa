/** Tables that the user uploads to the Data Observatory: kept beside the account's data, out of reach of SQL. */
import { randomUUID } from "node:crypto"
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import * as Schema from "effect/Schema"
import * as Stream from "effect/Stream"
import { Database, type DatabaseError } from "../Database.ts"
import { quoteIdentifier, quoteLiteral } from "../SqlText.ts"
import { stateSchema } from "../sql/state.ts"

/** BigQuery's types as PostgreSQL's; a geography stays the text that it was sent as. */
export const columnTypes = {
  STRING: "text",
  BYTES: "bytea",
  INTEGER: "int8",
  INT64: "int8",
  FLOAT: "float8",
  FLOAT64: "float8",
  BOOLEAN: "boolean",
  BOOL: "boolean",
  TIMESTAMP: "timestamptz",
  DATE: "date",
  TIME: "time",
  DATETIME: "timestamp",
  GEOGRAPHY: "text"
} as const

export const isColumnType = (type: string): type is keyof typeof columnTypes => Object.hasOwn(columnTypes, type)

export interface Column {
  readonly name: string
  readonly type: keyof typeof columnTypes
}

/** How an import ended. */
const Import = Schema.Struct({
  status: Schema.Literals(["success", "failure"]),
  errors: Schema.NullOr(Schema.Array(Schema.String))
})
export type Import = typeof Import.Type

export class UserDatasets extends Context.Service<
  UserDatasets,
  {
    readonly exists: (name: string) => Effect.Effect<boolean, DatabaseError>
    /** In place of one of that name. */
    readonly create: (name: string, columns: ReadonlyArray<Column>) => Effect.Effect<void, DatabaseError>
    /** Keeps a CSV with a header line until it is imported. */
    readonly upload: (name: string, csv: Uint8Array) => Effect.Effect<void, DatabaseError>
    /** Appends what was uploaded. What the database says of it is the import's failure. Succeeds with its id. */
    readonly import: (name: string) => Effect.Effect<string, DatabaseError>
    readonly findImport: (name: string, id: string) => Effect.Effect<Import | undefined, DatabaseError>
    /** CSV with a header line. */
    readonly read: (
      name: string,
      options: { readonly limit: number | undefined; readonly orderBy: string | undefined }
    ) => Stream.Stream<Uint8Array, DatabaseError>
  }
>()("carto-emulator/UserDatasets") {
  static readonly layer = Layer.effect(
    UserDatasets,
    Effect.suspend(() => make)
  )
}

const schema = `
create table if not exists ${stateSchema}.user_datasets (name text primary key, csv bytea);
create table if not exists ${stateSchema}.user_dataset_imports (
  id uuid primary key, name text not null, status text not null, errors jsonb
);`

/** The name of the n-th table, as names of datasets may be longer than names of tables. */
const tableOf = (name: string): string =>
  `${stateSchema}.${quoteIdentifier(`dataset_${Buffer.from(name).toString("hex")}`)}`

const decode = Schema.decodeUnknownEffect(Schema.Array(Schema.Struct({ import: Schema.fromJsonString(Import) })))

const make = Effect.gen(function* () {
  const database = yield* Database
  yield* database.rows(schema)
  const named = (name: string) => `where name = ${quoteLiteral(name)}`

  return UserDatasets.of({
    exists: (name) =>
      Effect.map(database.rows(`select 1 from ${stateSchema}.user_datasets ${named(name)}`), (rows) => rows.length > 0),
    create: Effect.fn("UserDatasets.create")((name, columns) => {
      const list = columns.map((column) => `${quoteIdentifier(column.name)} ${columnTypes[column.type]}`)
      return database.rows(`drop table if exists ${tableOf(name)};
        create table ${tableOf(name)} (${list.join(", ")});
        delete from ${stateSchema}.user_datasets ${named(name)};
        insert into ${stateSchema}.user_datasets (name) values (${quoteLiteral(name)})`)
    }),
    upload: Effect.fn("UserDatasets.upload")((name, csv) =>
      database.rows(
        `update ${stateSchema}.user_datasets set csv = decode('${Buffer.from(csv).toString("hex")}', 'hex') ${named(name)}`
      )
    ),
    import: Effect.fn("UserDatasets.import")(function* (name) {
      const [row] = yield* database.rows(
        `select encode(csv, 'hex') as csv from ${stateSchema}.user_datasets ${named(name)}`
      )
      const input = Stream.make(new Uint8Array(Buffer.from(row?.csv ?? "", "hex")))
      const errors = yield* Stream.runDrain(
        database.run(`copy ${tableOf(name)} from stdin with (format csv, header)`, { input })
      ).pipe(
        Effect.match({
          onFailure: ({ detail, message }) => [detail === undefined ? message : `${message}: ${detail}`],
          onSuccess: () => undefined
        })
      )
      const id = randomUUID()
      yield* database.rows(`insert into ${stateSchema}.user_dataset_imports (id, name, status, errors) values ('${id}',
        ${quoteLiteral(name)}, '${errors === undefined ? "success" : "failure"}',
        ${errors === undefined ? "null" : quoteLiteral(JSON.stringify(errors))})`)
      return id
    }),
    findImport: Effect.fn("UserDatasets.findImport")(function* (name, id) {
      const rows = yield* database.rows(`select to_jsonb(i)::text as import from ${stateSchema}.user_dataset_imports i
        ${named(name)} and id::text = ${quoteLiteral(id)}`)
      return (yield* Effect.orDie(decode(rows)))[0]?.import
    }),
    read: (name, { limit, orderBy }) => {
      const order = orderBy === undefined ? "" : `order by ${quoteIdentifier(orderBy)}`
      const rows = `select * from ${tableOf(name)} ${order} ${limit === undefined ? "" : `limit ${limit}`}`
      return database.run(`copy (${rows}) to stdout with (format csv, header)`).pipe(
        Stream.filter((message) => message._tag === "CopyData"),
        Stream.map(({ bytes }) => bytes)
      )
    }
  })
})
