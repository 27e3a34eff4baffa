/**
 * External databases that the server reads by itself, for imports and synchronizations (platform reference, §6.7).
 *
 * Passwords are `Redacted` and leave it only in the body of the request.
 */
import * as Predicate from "effect/Predicate"
import * as Redacted from "effect/Redacted"
import type * as Statement from "effect/sql/Statement"

/** Values as the server wants them, under its own names; what is secret is `Redacted`. */
export interface ConnectorParameters {
  readonly [name: string]:
    | string
    | number
    | boolean
    | Redacted.Redacted
    | Statement.Fragment
    | ConnectorParameters
    | undefined
}

/** Which database, and what of it. Made by the functions of this module. */
export interface Connector {
  readonly _tag: "Connector"
  readonly provider: string
  readonly parameters: ConnectorParameters
}

/** A whole table, or the rows of a query in the other database's own language. */
export type Selection =
  | {
      readonly table: string
      /** A query would be in its place. */
      readonly query?: undefined
      readonly importAs?: string | undefined
    }
  | {
      readonly table?: undefined
      readonly query: string | Statement.Fragment
      /** The name of the dataset. */
      readonly importAs: string
      /** A query that tells the number of rows. */
      readonly countQuery?: string | undefined
    }

interface Common {
  readonly schema?: string | undefined
  /** Of the other database. Default UTF-8. */
  readonly encoding?: string | undefined
  /** Default all. */
  readonly columns?: ReadonlyArray<string> | undefined
}

/** Address and credentials, or the id of a connection that the account has stored, which holds both. */
export type Connection<Fields> =
  | { readonly connection: Fields; readonly connectionId?: undefined }
  | { readonly connection?: undefined; readonly connectionId: string }

export type ConnectorOptions<Fields> = Connection<Fields> & Selection & Common

interface Credentials {
  readonly username: string
  readonly password: Redacted.Redacted
}

interface Server {
  readonly server: string
  readonly port?: number | undefined
}

/** Port 3306 by default. Geometries are columns of WKT or WKB. */
export interface MySqlConnection extends Server, Credentials {
  readonly database?: string | undefined
}

/** Port 5432 by default. */
export interface PostgresConnection extends Server {
  readonly database: string
  readonly username: string
  readonly password?: Redacted.Redacted | undefined
  /** Default `require`. */
  readonly sslmode?: "require" | "prefer" | "disable" | undefined
}

/** Port 1433 by default. */
export interface SqlServerConnection extends Server, Credentials {
  readonly database: string
}

/** Port 10000 by default. Only on the operator's own premises. */
export interface HiveConnection extends Server {
  /** Default `default`. */
  readonly database?: string | undefined
  readonly username?: string | undefined
  readonly password?: Redacted.Redacted | undefined
}

/** Port 5439 by default. */
export interface RedshiftConnection extends Credentials {
  readonly cluster: string
  readonly database: string
  readonly port?: number | undefined
}

export interface SnowflakeConnection extends Credentials {
  readonly server: string
  readonly database: string
  readonly warehouse?: string | undefined
}

export interface BigQueryConnection {
  readonly billing_project: string
  /** Without it, the account's own login to Google is used. */
  readonly service_account?: Redacted.Redacted | undefined
}

export type BigQueryOptions = ConnectorOptions<BigQueryConnection> & {
  readonly project?: string | undefined
  readonly dataset?: string | undefined
}

export const mysql = (options: ConnectorOptions<MySqlConnection>): Connector => make("mysql", options)
/** The `schema` is `public` by default. */
export const postgres = (options: ConnectorOptions<PostgresConnection>): Connector => make("postgres", options)
/** The `schema` is `dbo` by default. */
export const sqlserver = (options: ConnectorOptions<SqlServerConnection>): Connector => make("sqlserver", options)
export const hive = (options: ConnectorOptions<HiveConnection>): Connector => make("hive", options)
/** The `schema` is `public` by default. */
export const redshift = (options: ConnectorOptions<RedshiftConnection>): Connector => make("redshift", options)
/** Beta. The `schema` is `PUBLIC` by default. */
export const snowflake = (options: ConnectorOptions<SnowflakeConnection>): Connector => make("snowflake", options)
/** Beta. An account has one connection to BigQuery. */
export const bigquery = (options: BigQueryOptions): Connector =>
  make("bigquery", options, { project: options.project, dataset: options.dataset })

/**
 * Any other provider, with parameters under the server's own names. Values whose names speak of secrets, such as
 * `password` or `token`, become `Redacted` if they are not yet.
 */
export const generic = (provider: string, parameters: ConnectorParameters): Connector => ({
  _tag: "Connector",
  provider,
  parameters: guarded(parameters)
})

const make = <Fields extends { readonly [K in keyof Fields]: ConnectorParameters[string] }>(
  provider: string,
  options: ConnectorOptions<Fields>,
  more: ConnectorParameters = {}
): Connector => ({
  _tag: "Connector",
  provider,
  parameters: {
    connection: options.connection === undefined ? undefined : guarded({ ...options.connection }),
    connection_id: options.connectionId,
    table: options.table,
    sql_query: options.query,
    sql_count: "countQuery" in options ? options.countQuery : undefined,
    import_as: options.importAs,
    schema: options.schema,
    encoding: options.encoding,
    columns: options.columns?.join(","),
    ...more
  }
})

const secretNames = /pass|pwd|secret|token|credential|private|account|key$/i

/** What is found in a log must not be a password only because it was given as a plain text. */
const guarded = (parameters: ConnectorParameters): ConnectorParameters =>
  Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => {
      if (Predicate.isString(value) && secretNames.test(name)) return [name, Redacted.make(value)]
      return [name, isParameters(value) ? guarded(value) : value]
    })
  )

export const isParameters = (value: ConnectorParameters[string]): value is ConnectorParameters =>
  Predicate.isObject(value) && !Redacted.isRedacted(value) && !isFragment(value)

export const isFragment = (value: ConnectorParameters[string] | Statement.Fragment): value is Statement.Fragment =>
  Predicate.hasProperty(value, "segments") && Array.isArray(value.segments)
