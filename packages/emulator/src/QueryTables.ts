/** The tables a query reads, and what they mean for HTTP caches. */
import { createHash } from "node:crypto"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Predicate from "effect/Predicate"
import { Auth } from "./Auth.ts"
import { Database } from "./Database.ts"
import { mayWrite, quoteLiteral, statements, verb } from "./SqlText.ts"

/** A table of a query plan. */
export interface QueryTable {
  readonly schema: string
  readonly name: string
  /** Milliseconds since the epoch; only tables with CARTO's triggers record it. */
  readonly updatedAt: number | undefined
}

const plans = (node: unknown): ReadonlyArray<QueryTable> => {
  if (Array.isArray(node)) return node.flatMap(plans)
  if (!Predicate.isObject(node)) return []
  const here = { schema: Reflect.get(node, "Schema"), name: Reflect.get(node, "Relation Name") }
  const below = Object.values(node).flatMap(plans)
  return Predicate.isString(here.name) && Predicate.isString(here.schema)
    ? [{ schema: here.schema, name: here.name, updatedAt: undefined }, ...below]
    : below
}

// Catalogs behind a view such as those of information_schema are not what the query asks for.
const isAskedFor = (sql: string) => (table: QueryTable) =>
  !table.name.startsWith("pg_") || new RegExp(`\\b${table.name}\\b`, "i").test(sql)

const key = (table: QueryTable): string => `${table.schema}.${table.name}`

const recordedTimes = Effect.fnUntraced(
  function* (tables: ReadonlyArray<QueryTable>) {
    const database = yield* Database
    const rows = yield* database.rows(`
    SELECT n.nspname || '.' || c.relname AS key, round(extract(epoch FROM m.updated_at) * 1000) AS updated_at
    FROM cartodb.cdb_tablemetadata m JOIN pg_class c ON c.oid = m.tabname JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname || '.' || c.relname IN (${tables.map((table) => quoteLiteral(key(table))).join(", ")})`)
    return new Map(rows.map((row) => [row.key ?? "", Number(row.updated_at)]))
  },
  Effect.orElseSucceed(() => new Map<string, number>())
) // A database of other make records nothing.

/**
 * The tables that the SELECTs of a text read, newest change first.
 *
 * `None` when PostgreSQL cannot explain the text, as CARTO then does not know whether an answer may be cached.
 */
export const queryTables = Effect.fnUntraced(function* (sql: string) {
  const database = yield* Database
  const selects = statements(sql).filter(
    (statement) => /^(?:select|with)\b/i.test(statement) && verb(statement) === "select"
  )
  if (selects.length === 0) return []
  const explained = yield* database.rows(
    selects.map((statement) => `EXPLAIN (FORMAT JSON, VERBOSE) ${statement}\n`).join(";"),
    { role: (yield* Auth).role }
  )
  const read = explained.flatMap((row) => plans(JSON.parse(row["QUERY PLAN"] ?? "[]"))).filter(isAskedFor(sql))
  const tables = [...new Map(read.map((table) => [key(table), table])).values()]
  if (tables.length === 0) return []
  const times = yield* recordedTimes(tables)
  return tables
    .map((table) => ({ ...table, updatedAt: times.get(key(table)) }))
    .toSorted((a, b) => (b.updatedAt ?? 0) - (a.updatedAt ?? 0))
}, Effect.option)

const surrogateKey = (channel: string): string =>
  `t:${createHash("sha256").update(channel).digest("base64").slice(0, 6)}`

/** A time as HTTP writes it; whole seconds. */
export const httpDate = (millis: number): string => new Date(millis).toUTCString()

/** `Cache-Control`, `Last-Modified` and the two headers by which a cache is emptied when a table changes. */
export const cacheHeaders = (options: {
  readonly sql: string
  readonly tables: Option.Option<ReadonlyArray<QueryTable>>
  readonly persist: boolean
  readonly database: string
  readonly now: number
}): Record<string, string> => {
  const { now, persist, sql } = options
  const writes = mayWrite(sql)
  const tables = Option.getOrElse(options.tables, () => [])
  const recorded = tables.filter((table) => table.updatedAt !== undefined)
  const isKnown = Option.isSome(options.tables) && recorded.length === tables.length
  // The cache of a table without triggers ends with the running five minutes.
  const maxAge = !isKnown ? Math.floor((300_000 - (now % 300_000)) / 1000) : writes ? 0 : 31_536_000
  const lastModified = recorded.length === 0 ? now : Math.max(...recorded.map((table) => table.updatedAt ?? now))
  return {
    "cache-control": persist ? "public,max-age=31536000" : `no-cache,max-age=${maxAge},must-revalidate,public`,
    ...(recorded.length === 0 || writes
      ? {}
      : {
          "x-cache-channel": `${options.database}:${recorded.map(key).join(",")}`,
          "surrogate-key": recorded
            .map((table) => surrogateKey(`${options.database}:${key(table)}`))
            .toSorted()
            .join(" ")
        }),
    ...(Option.isSome(options.tables) ? { "last-modified": httpDate(lastModified) } : {})
  }
}
