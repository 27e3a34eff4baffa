/** Reads a table or a query of another PostgreSQL into a staged table (platform reference, §6.7). */
import * as Effect from "effect/Effect"
import * as Stream from "effect/Stream"
import type { ClientConfig } from "pg"
import type { Message } from "../../Database.ts"
import * as Connection from "../../postgres/Connection.ts"
import { asSubquery, quoteIdentifier } from "../../SqlText.ts"
import { copyInto } from "../copyInto.ts"
import { failure } from "../failures.ts"
import type { Column, Staged } from "../Staged.ts"
import type { ConnectorRequest } from "./ConnectorRequest.ts"

/** What is read of one connection; the rest is cut off, and only a warning tells. */
export const maxRows = 1_000_000

const maxColumns = 256

// Types that are the same in every PostgreSQL; all others are read as texts.
const types: Readonly<Record<string, string>> = {
  int2: "smallint",
  int4: "integer",
  int8: "bigint",
  float4: "real",
  float8: "double precision",
  numeric: "numeric",
  bool: "boolean",
  date: "date",
  time: "time",
  timestamp: "timestamp",
  timestamptz: "timestamptz",
  uuid: "uuid",
  json: "json",
  jsonb: "jsonb",
  bytea: "bytea",
  geometry: "geometry"
}

const configOf = (connection: ReadonlyMap<string, string>, encrypted: boolean): ClientConfig => ({
  host: connection.get("server") ?? "",
  port: Number(connection.get("port") ?? 5432),
  database: connection.get("database") ?? "",
  user: connection.get("username") ?? "",
  password: connection.get("password") ?? "",
  connectionTimeoutMillis: 30_000,
  // As libpq's `require`, which asks for encryption and not for a name.
  ssl: encrypted ? { rejectUnauthorized: false } : false
})

const connect = (connection: ReadonlyMap<string, string>) => {
  const open = (encrypted: boolean) => Connection.connect(configOf(connection, encrypted), () => Effect.void)
  switch (connection.get("sslmode") ?? "require") {
    case "disable":
      return open(false)
    case "prefer":
      return Effect.catch(open(true), () => open(false))
    default:
      return open(true)
  }
}

const queryOf = (parameters: ReadonlyMap<string, string>): string => {
  const query = parameters.get("sql_query")
  const schema = parameters.get("schema") ?? "public"
  const source =
    query === undefined
      ? `${quoteIdentifier(schema)}.${quoteIdentifier(parameters.get("table") ?? "")}`
      : `(${asSubquery(query)}) as _query`
  const columns = parameters
    .get("columns")
    ?.split(",")
    .map((name) => quoteIdentifier(name.trim()))
  return `select ${columns?.join(", ") ?? "*"} from ${source}`
}

const run = (connection: Connection.Connection, sql: string) =>
  Stream.unwrap(Effect.map(connection.run(sql, {}), (pull) => Stream.fromPull(Effect.succeed(pull))))

const cells = (messages: ReadonlyArray<Message>) =>
  messages.flatMap((message) => (message._tag === "DataRow" ? [message.cells] : []))

/** The columns of the query, by their types over there. */
const describe = Effect.fnUntraced(function* (connection: Connection.Connection, query: string) {
  const described = yield* Stream.runCollect(run(connection, `select * from (${query}) as _rows limit 0`))
  const fields = described.flatMap((message) => (message._tag === "RowDescription" ? message.fields : []))
  const oids = [...new Set(fields.map(({ typeOid }) => typeOid))].join(", ") || "0"
  const named = yield* Stream.runCollect(
    run(connection, `select oid, typname from pg_catalog.pg_type where oid in (${oids})`)
  )
  const names = new Map(cells(named).map(([oid, name]) => [Number(oid), name ?? ""]))
  return fields.map(
    ({ name, typeOid }, index): Column => ({
      name,
      type: types[names.get(typeOid) ?? ""] ?? "text",
      expression: `c${index}`
    })
  )
})

const hasMore = (connection: Connection.Connection, query: string) =>
  Effect.map(
    Stream.runCollect(run(connection, `select 1 from (${query}) as _rows offset ${maxRows} limit 1`)),
    (messages) => cells(messages).length > 0
  )

/** Answers the staged rows, and whether there were more of them. Fails with 1500 for all that the other side refuses. */
export const stagePostgres = Effect.fnUntraced(function* (
  request: ConnectorRequest,
  options: { readonly name: string; readonly relation: string }
) {
  const refused = () => failure(1500)
  const connection = yield* Effect.mapError(connect(request.connection), refused)
  const query = queryOf(request.parameters)
  const columns = yield* Effect.mapError(describe(connection, query), refused)
  if (columns.length === 0) return yield* failure(1500)
  if (columns.length > maxColumns) return yield* failure(2004)
  const data = run(connection, `copy (select * from (${query}) as _rows limit ${maxRows}) to stdout`).pipe(
    Stream.filter((message) => message._tag === "CopyData"),
    Stream.map(({ bytes }) => bytes),
    Stream.mapError(refused)
  )
  const declaration = columns.map(
    ({ expression, type }) => `${expression} ${type === "geometry" ? "public.geometry" : type}`
  )
  const rows = yield* copyInto(
    `create table ${options.relation} (${declaration.join(", ")})`,
    `copy ${options.relation} from stdin`,
    data
  )
  const staged: Staged = { ...options, columns, geometry: undefined, rows }
  return { staged, isCut: rows === maxRows && (yield* Effect.mapError(hasMore(connection, query), refused)) }
}, Effect.scoped)
